import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openServiceContext } from '@shop/test-support';
import { addTimedReset } from '../../src/commands/timed-reset.ts';
import { createCommand } from '../../src/index.ts';

function openHandlers(t: test.TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const done: string[] = [];
  const { context } = openServiceContext(t, 'order-service', {});
  const handlers = addTimedReset(
    {
      'set-rate': ({ orders_per_second }) => void done.push(`${orders_per_second}`),
      reset: () => void done.push('reset'),
    },
    context,
  );
  return {
    done,
    setRate: (orders_per_second: number, seconds?: number) =>
      handlers['set-rate']?.(
        createCommand({
          target: 'order-service',
          command: 'set-rate',
          orders_per_second,
          ...(seconds !== undefined && { seconds }),
        }) as never,
      ),
    reset: () => handlers.reset?.(createCommand({ target: 'order-service', command: 'reset' }) as never),
    async pass(seconds: number) {
      t.mock.timers.tick(seconds * 1_000);
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    },
  };
}

test('the last command with seconds decides when the service goes back to its settings', async (t) => {
  const { done, setRate, pass } = openHandlers(t);
  assert.deepEqual(await setRate(1, 10), { seconds: 10 });
  await pass(9);
  await setRate(2, 5);
  await setRate(3);
  await pass(4);
  assert.deepEqual(done, ['1', '2', '3']);
  await pass(1);
  assert.deepEqual(done, ['1', '2', '3', 'reset']);
});

test('reset ends the time', async (t) => {
  const { done, setRate, reset, pass } = openHandlers(t);
  await setRate(1, 10);
  await reset();
  await pass(20);
  assert.deepEqual(done, ['1', 'reset']);
});
