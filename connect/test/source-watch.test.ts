import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShopError } from '@shop/common';
import { createSourceWatch } from '../src/source/source-watch.ts';
import { createTopicWatch } from '../src/source/topic-watch.ts';

const definition = {
  file: 'connect/x/a.json',
  name: 'a',
  config: { name: 'a', 'slot.name': 'shop', 'publication.name': 'pub' },
};

/** A Postgres whose slot and publication come and go. */
function watchSource({ graceMs = 60_000 } = {}) {
  const capture = { hasSlot: true, publication: '1' as string | undefined };
  const watch = createSourceWatch({ graceMs, readCapture: async () => capture });
  const isLacking = (code: string) =>
    assert.rejects(
      watch.check(definition),
      (error) => error instanceof ShopError && error.code === code && error.canRetry,
    );
  const check = async () => (await watch.check(definition))?.code;
  return { capture, watch, check, isLacking };
}

test('leaves a connector with a slot alone, and one without a name for it', async () => {
  const { watch, check } = watchSource();
  assert.equal(await check(), undefined);
  assert.equal(await watch.check({ ...definition, config: {} }), undefined);
});

test('a slot that was there and is gone is lost, until the connector begins anew', async () => {
  const { capture, watch, check, isLacking } = watchSource();
  assert.equal(await check(), undefined);
  capture.hasSlot = false;
  assert.equal(await check(), 'slot_lost');
  watch.forget('a');
  await isLacking('slot_missing');
  capture.hasSlot = true;
  assert.equal(await check(), undefined);
});

test('a connector that starts is given time to make its slot', async () => {
  const { capture, isLacking } = watchSource();
  capture.hasSlot = false;
  await isLacking('slot_missing');
});

test('a slot that was gone before the registrar came is missed after that time', async () => {
  const { capture, check } = watchSource({ graceMs: 0 });
  capture.hasSlot = false;
  assert.equal(await check(), 'slot_lost');
});

test('a publication that is gone is waited for, and one made anew is a loss, once', async () => {
  const { capture, check, isLacking } = watchSource();
  assert.equal(await check(), undefined);
  capture.publication = undefined;
  await isLacking('publication_missing');
  capture.publication = '2';
  assert.equal(await check(), 'publication_replaced');
  assert.equal(await check(), undefined);
});

test('a topic that ends earlier than before is another one', async () => {
  const ends = new Map([
    [0, 10],
    [1, 5],
  ]);
  const watch = createTopicWatch({
    readEnds: async () => new Map(ends),
    hasRead: async () => assert.fail('not empty'),
  });
  const empty = createTopicWatch({ readEnds: async () => new Map(), hasRead: async () => false });
  assert.equal(await empty.check('a', 'customers'), undefined, 'nothing was written yet');
  const fresh = createTopicWatch({ readEnds: async () => new Map(ends), hasRead: async () => true });
  assert.equal(await fresh.check('a', 'customers'), undefined);
  ends.set(0, 11);
  assert.equal(await fresh.check('a', 'customers'), undefined);
  ends.set(1, 4);
  assert.equal((await fresh.check('a', 'customers'))?.code, 'topic_lost');
  assert.equal(await fresh.check('a', 'customers'), undefined, 'told once');
  ends.clear();
  assert.equal((await fresh.check('a', 'customers'))?.code, 'topic_lost', 'it is gone altogether');
  await assert.rejects(watch.check('a', 'customers'));
});

test('a topic that is empty although the connector has read something is lost, also for a registrar that has just come', async () => {
  const readEnds = async () => new Map([[0, 0]]);
  const hasRead = createTopicWatch({ readEnds, hasRead: async () => true });
  assert.equal((await hasRead.check('a', 'customers'))?.code, 'topic_lost');
  assert.equal(await hasRead.check('a', 'customers'), undefined, 'told once');
});
