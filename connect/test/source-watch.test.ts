import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShopError } from '@shop/common';
import type { CaptureStates } from '../src/source/capture-query.ts';
import { createSourceWatch, type Marks } from '../src/source/source-watch.ts';
import { createTopicQuery } from '../src/source/topic-query.ts';

const definition = {
  file: 'connect/x/a.json',
  name: 'a',
  config: {
    name: 'a',
    'slot.name': 'shop',
    'publication.name': 'pub',
    'table.include.list': 'public.customers',
    'column.include.list': 'public\\.customers\\.(id|zipcode|address)',
  },
};

/** A Postgres with everything in place until a test changes it, and marks that outlive the registrar. */
function watchSource() {
  const states: CaptureStates = {
    table: { mark: '1', right: true },
    columns: { mark: 'address/1 id/1 zipcode/1', right: true },
    publication: { mark: '1/1/1', right: true },
    'replica identity': { mark: 'f', right: true },
    slot: { mark: 'shop', right: true },
  };
  const source = {
    states,
    hasOffsets: true,
    done: [] as string[],
    onOffsetsAsked: undefined as (() => void) | undefined,
  };
  const kept = new Map<string, Marks>();
  const start = () =>
    createSourceWatch({
      database: {
        read: async () => structuredClone(source.states),
        prepare: async () => void source.done.push('prepare'),
        dropSlot: async (slot) => void source.done.push(`drop ${slot}`),
      },
      readTopic: async () => source.states['topic'],
      marks: { read: (name) => kept.get(name), write: async (name, marks) => void kept.set(name, marks) },
      async hasOffsets() {
        source.onOffsetsAsked?.();
        return source.hasOffsets;
      },
    });
  const check = async (watch = start()) => (await watch.check(definition))?.check;
  const isLacking = (code: string) =>
    assert.rejects(check(), (error) => error instanceof ShopError && error.code === code && error.canRetry);
  return { source, kept, start, check, isLacking };
}

test('finds no loss while everything is in place, nor for a connector that names no slot', async () => {
  const { check, start } = watchSource();
  assert.equal(await check(), undefined);
  assert.equal(await check(), undefined);
  assert.equal(await start().check({ ...definition, config: {} }), undefined);
});

for (const [name, state] of [
  ['table', { mark: '2', right: true }],
  ['columns', { mark: 'address/1 id/1 zipcode/2', right: true }],
  ['publication', { mark: '1/2/1', right: true }],
  ['publication', { mark: '1/1/1', right: false }],
  ['replica identity', { mark: 'd', right: false }],
  ['slot', { mark: null, right: false }],
  ['slot', { mark: 'shop', right: false }],
] as const)
  test(`a loss, also for a registrar that was down meanwhile: ${name} ${JSON.stringify(state)}`, async () => {
    const { source, check } = watchSource();
    assert.equal(await check(), undefined);
    source.states[name] = state;
    assert.equal(await check(), name);
    assert.equal(await check(), name, 'until it is repaired');
  });

test('a slot that the connector creates during the check is not lost', async () => {
  const { source, check } = watchSource();
  source.states['slot'] = { mark: null, right: false };
  source.onOffsetsAsked = () => {
    source.states['slot'] = { mark: 'shop', right: true };
  };
  assert.equal(await check(), undefined);
});

test('a mark that an older release did not store is unknown, and the first check stores it', async () => {
  const { source, check } = watchSource();
  source.states['publication'] = { mark: '7/7/7', right: true };
  assert.equal(await check(), undefined);
});

test('waits for a starting connector until it has created its slot', async () => {
  const { source, check, isLacking } = watchSource();
  source.states['slot'] = { mark: null, right: false };
  source.hasOffsets = false;
  await isLacking('slot_missing');
  source.states['publication'] = { mark: '', right: false };
  assert.equal(await check(), 'publication');
});

test('waits for a table that was dropped', async () => {
  const { source, isLacking } = watchSource();
  source.states['table'] = { mark: null, right: false };
  await isLacking('table_missing');
});

test('waits for a missing captured column and names it, also in the middle of a repair', async () => {
  const { source, start, check, isLacking } = watchSource();
  assert.equal(await check(), undefined);
  source.states['columns'] = { mark: 'id/1 address/1', right: false };
  await isLacking('column_missing');
  await assert.rejects(start().prepare(definition), { code: 'column_missing', message: /no column zipcode,/ });
  source.states['columns'] = { mark: 'address/1 id/1 zipcode/3', right: true };
  assert.equal(await check(), 'columns', 'the column that came may have other values');
});

test('a column that was missing when the connector was created is a loss once it is there', async () => {
  const { source, check, isLacking } = watchSource();
  source.states['columns'] = { mark: '', right: false };
  await isLacking('column_missing');
  source.states['columns'] = { mark: 'address/1 id/1 zipcode/1', right: true };
  assert.equal(await check(), 'columns');
});

test('changes before the preparation are repaired by it, and those after it are another loss', async () => {
  const { source, start, check } = watchSource();
  assert.equal(await check(), undefined);
  source.states['publication'] = { mark: '1/2/1', right: true };
  source.states['slot'] = { mark: null, right: false };
  await start().prepare(definition);
  await start().startOver(definition);
  assert.deepEqual(source.done, ['prepare', 'drop shop']);
  source.states['slot'] = { mark: 'shop', right: true };
  assert.equal(await check(), undefined);
  source.states['publication'] = { mark: '1/3/1', right: true };
  assert.equal(await check(), 'publication');
});

for (const [what, ends] of [
  ['a partition ends earlier', '0:11 1:4'],
  ['a partition is missing', '0:12'],
  ['the topic is missing', ''],
] as const)
  test(`a topic was deleted, also while the registrar was down: ${what}`, async () => {
    const { source, start, check } = watchSource();
    source.states['topic'] = { mark: '0:10 1:5', right: true };
    assert.equal(await check(), undefined);
    source.states['topic'] = { mark: '0:11 1:5 2:1', right: true };
    assert.equal(await check(), undefined, 'it grows');
    source.states['topic'] = { mark: ends, right: true };
    assert.equal(await check(), 'topic');
    assert.equal(await check(), 'topic', 'until it is repaired');
    await start().startOver(definition);
    assert.equal(await check(), undefined);
  });

test('an empty topic lacks rows once the connector has passed a position behind them', async () => {
  const ends = new Map([[0, 0]]);
  let written: bigint | undefined;
  let progress: bigint | undefined;
  let onProgressAsked = () => {};
  const queryTopic = createTopicQuery({
    readEnds: async () => new Map(ends),
    readWritten: async () => written,
    async readProgress() {
      onProgressAsked();
      return progress;
    },
  });
  const isRight = async () => (await queryTopic('a', 'customers')).right;
  progress = 100n;
  assert.equal(await isRight(), true, 'the table has no rows');
  written = 200n;
  assert.equal(await isRight(), true, 'rows that the connector has not sent');
  progress = 200n;
  written = 300n;
  assert.equal(await isRight(), false, 'rows that the connector has sent');
  onProgressAsked = () => ends.set(0, 1);
  assert.deepEqual(await queryTopic('a', 'customers'), { mark: '0:1', right: true }, 'written between two questions');
  ends.set(0, 0);
  onProgressAsked = () => {};
  assert.equal(await isRight(), true, 'a new position counts');
});
