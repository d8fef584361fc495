import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, type RepairNote, ShopError } from '@shop/common';
import type { ConnectorStatus } from '../src/connect-client.ts';
import { createRepair } from '../src/repair/repair-connector.ts';

const context = { logger: createLogger('connector', { LOG_LEVEL: 'silent' }), signal: new AbortController().signal };
const loss = { check: 'slot', reason: 'the slot was dropped' };

const definition = { file: 'connect/x/a.json', name: 'a', config: { name: 'a', 'notification.sink.topic.name': 'n' } };

/** A Connect that stops and resumes at once, and notes that outlive the registrar. */
function startStage() {
  const stage = { done: [] as string[], state: 'RUNNING', hasOffsets: true, fails: '', ownSnapshot: false };
  const kept = new Map<string, RepairNote>();
  const step = async (name: string) => {
    if (stage.fails === name) throw new ShopError('connect_answer', 'not now', { canRetry: true });
    stage.done.push(name);
  };
  const status = (): ConnectorStatus => ({
    connector: { state: stage.state },
    tasks: stage.state === 'RUNNING' ? [{ id: 0, state: stage.state }] : [],
  });
  const answer = async () => {
    stage.ownSnapshot = false;
  };
  /** A registrar that knows nothing but the notes. */
  const start = () =>
    createRepair(
      {
        notes: {
          read: (name) => kept.get(name),
          write: async (name, note) => void kept.set(name, note),
          clear: async (name) => void kept.delete(name),
          marks: { read: () => undefined, write: async () => undefined },
          snapshots: { read: () => undefined, write: async () => undefined },
        },
        reportDeletions: async () => {
          await step('deletions');
          return 1;
        },
        snapshots: { findNew: async () => (stage.ownSnapshot ? answer : undefined) },
        source: { prepare: () => step('prepare'), startOver: () => step('start over') },
        connect: {
          readStatus: async () => status(),
          hasOffsets: async () => stage.hasOffsets,
          async stop() {
            await step('stop');
            stage.state = 'STOPPED';
          },
          async resetOffsets() {
            await step('reset');
            stage.hasOffsets = false;
          },
          async resume() {
            await step('resume');
            stage.state = 'RUNNING';
          },
        },
      },
      context,
    );
  const isLacking = (promise: Promise<unknown>, code: string) =>
    assert.rejects(promise, (error) => error instanceof ShopError && error.code === code && error.canRetry);
  return { stage, kept, status, start, isLacking };
}

test('does nothing without a noted loss', async () => {
  const { stage, status, start } = startStage();
  const repair = start();
  assert.equal(await repair.advance(definition, status()), false);
  await repair.finish(definition);
  assert.deepEqual(stage.done, []);
});

test('a loss leads to deletions and a new snapshot, and when that has begun to deletions again, once', async () => {
  const { stage, kept, status, start, isLacking } = startStage();
  const repair = start();
  await repair.note('a', loss);
  assert.deepEqual(stage.done, []);
  assert.equal(await repair.advance(definition, status()), true);
  const started = ['prepare', 'stop', 'start over', 'reset', 'deletions', 'resume'];
  assert.deepEqual(stage.done, started);
  assert.equal(await repair.advance(definition, status()), false);
  await isLacking(repair.finish(definition), 'snapshot_missing');
  stage.hasOffsets = true;
  await repair.finish(definition);
  await repair.finish(definition);
  assert.deepEqual(stage.done, [...started, 'deletions']);
  assert.equal(kept.size, 0);
});

test('a registrar that is killed at any step is followed by one that ends the repair', async () => {
  for (const fails of ['prepare', 'stop', 'start over', 'reset', 'resume', 'deletions']) {
    const { stage, kept, status, start } = startStage();
    await start().note('a', loss);
    stage.fails = fails;
    const work = async () => {
      const repair = start();
      await repair.advance(definition, status());
      stage.hasOffsets = stage.state === 'RUNNING';
      await repair.finish(definition);
    };
    await assert.rejects(work());
    assert.equal(kept.size, 1, fails);
    stage.fails = '';
    await work();
    assert.equal(kept.size, 0, fails);
    assert.equal(stage.state, 'RUNNING', fails);
    assert.deepEqual(
      ['reset', 'deletions'].map((name) => stage.done.includes(name)),
      [true, true],
      fails,
    );
  }
});

test('a connector that the repair stopped resumes, also when its offsets could not be reset', async () => {
  const { stage, status, start, isLacking } = startStage();
  const repair = start();
  await repair.note('a', loss);
  stage.fails = 'reset';
  await isLacking(repair.advance(definition, status()), 'connect_answer');
  assert.deepEqual(stage.done, ['prepare', 'stop', 'start over', 'resume']);
});

test('a snapshot that Debezium took by itself is answered with the deletions, once, and noted until then', async () => {
  const { stage, kept, start } = startStage();
  stage.ownSnapshot = true;
  stage.fails = 'deletions';
  await assert.rejects(start().finish(definition));
  assert.equal(kept.get('a')?.stage, 'deletions');
  stage.fails = '';
  const repair = start();
  await repair.finish(definition);
  await repair.finish(definition);
  assert.deepEqual(stage.done, ['deletions']);
  assert.equal(kept.size, 0);
});
