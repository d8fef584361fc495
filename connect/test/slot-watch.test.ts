import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, ShopError } from '@shop/common';
import type { ConnectorStatus } from '../src/connect-client.ts';
import { createSlotWatch } from '../src/slot/slot-watch.ts';

const definition = { file: 'connect/x/a.json', name: 'a', config: { name: 'a', 'slot.name': 'shop' } };
const context = { logger: createLogger('connector', { LOG_LEVEL: 'silent' }), signal: new AbortController().signal };

/** A Connect that stops and resumes at once, beside a Postgres whose slot comes and goes. */
function startStage({ graceMs = 60_000 } = {}) {
  const stage = { slot: true, done: [] as string[], failReset: false };
  let state = 'RUNNING';
  const watch = createSlotWatch(
    {
      graceMs,
      hasSlot: async () => stage.slot,
      reportDeletions: async () => stage.done.push('deletions'),
      connect: {
        async readStatus(): Promise<ConnectorStatus> {
          const tasks = state === 'RUNNING' ? [{ id: 0, state }] : [];
          return { connector: { state }, tasks };
        },
        async stop() {
          stage.done.push('stop');
          state = 'STOPPED';
        },
        async resetOffsets() {
          if (stage.failReset) throw new ShopError('connect_answer', 'not now', { canRetry: true });
          stage.done.push('reset');
        },
        async resume() {
          stage.done.push('resume');
          state = 'RUNNING';
        },
      },
    },
    context,
  );
  const isLacking = (code: string) =>
    assert.rejects(
      watch.check(definition),
      (error) => error instanceof ShopError && error.code === code && error.canRetry,
    );
  return { stage, watch, isLacking };
}

test('leaves a connector with a slot alone, and one without a name for it', async () => {
  const { stage, watch } = startStage();
  await watch.check(definition);
  await watch.check({ ...definition, config: {} });
  assert.deepEqual(stage.done, []);
});

test('a slot that was there and is gone leads to a new snapshot, and then to the deletions, once', async () => {
  const { stage, watch, isLacking } = startStage();
  await watch.check(definition);
  stage.slot = false;
  await isLacking('slot_lost');
  assert.deepEqual(stage.done, ['stop', 'reset', 'resume']);
  await isLacking('slot_missing');
  stage.slot = true;
  await watch.check(definition);
  await watch.check(definition);
  assert.deepEqual(stage.done, ['stop', 'reset', 'resume', 'deletions']);
});

test('a connector that starts is given time to make its slot', async () => {
  const { stage, isLacking } = startStage();
  stage.slot = false;
  await isLacking('slot_missing');
  assert.deepEqual(stage.done, []);
});

test('a slot that was gone before the registrar came is missed after that time', async () => {
  const { stage, isLacking } = startStage({ graceMs: 0 });
  stage.slot = false;
  await isLacking('slot_lost');
  assert.deepEqual(stage.done, ['stop', 'reset', 'resume']);
});

test('a connector that was stopped for it goes on also when its offsets could not be forgotten, and it is tried again', async () => {
  const { stage, watch, isLacking } = startStage();
  await watch.check(definition);
  stage.slot = false;
  stage.failReset = true;
  await isLacking('connect_answer');
  assert.deepEqual(stage.done, ['stop', 'resume']);
  stage.failReset = false;
  await isLacking('slot_lost');
  assert.deepEqual(stage.done, ['stop', 'resume', 'stop', 'reset', 'resume']);
});
