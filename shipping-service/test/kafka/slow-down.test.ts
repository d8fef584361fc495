import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createCommand } from '@shop/common';
import { createSlowdown } from '../../src/kafka/slow-down.ts';

function openHandler() {
  const slowdown = createSlowdown();
  const handled: number[] = [];
  const createHandler = slowdown.slow((partition) => ({
    handle: async () => {
      handled.push(partition);
      return { writes: [] };
    },
  }));
  const handle = (signal = new AbortController().signal) =>
    createHandler(3).handle({ partition: 3, messages: [], moreBehind: false, signal });
  const slow = (ms_per_batch?: number) =>
    slowdown.handlers.slow?.(
      createCommand({
        target: 'shipping-service',
        command: 'slow',
        ...(ms_per_batch !== undefined && { ms_per_batch }),
      }) as never,
    );
  return { handle, handled, slow, normal: () => slowdown.handlers.normal?.(undefined as never) };
}

test('slow adds a pause before each batch, and normal ends it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { handle, handled, slow, normal } = openHandler();
  await handle();
  assert.deepEqual(handled, [3]);

  assert.deepEqual(slow(), { ms_per_batch: 500 });
  const slowed = handle();
  t.mock.timers.tick(499);
  await nextTurn();
  assert.deepEqual(handled, [3]);
  t.mock.timers.tick(1);
  await slowed;
  assert.deepEqual(handled, [3, 3]);

  normal();
  await handle();
  assert.deepEqual(handled, [3, 3, 3]);
});

test('a rebalance ends the pause', async () => {
  const { handle, handled, slow } = openHandler();
  slow(2_000);
  const ending = new AbortController();
  const slowed = handle(ending.signal);
  ending.abort();
  await slowed;
  assert.deepEqual(handled, [3]);
});
