import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, createCommand } from '@shop/common';
import { openServiceContext, until } from '@shop/test-support';
import { createScenarioCommands } from '../../src/commands/obey-scenario.ts';

const start = (name: string) =>
  createCommand({ target: 'websocket', command: 'scenario', name, seed: 7 }) as Extract<
    Command,
    { command: 'scenario' }
  >;
const reset = createCommand({ target: 'websocket', command: 'reset' }) as Extract<Command, { command: 'reset' }>;

test('runs one scenario at a time, and reset ends it at the services that it changed', async (t) => {
  const sent: Command[] = [];
  const { context } = openServiceContext(t, 'websocket', {});
  const handlers = createScenarioCommands({ send: async (command) => void sent.push(command) }, context);
  assert.deepEqual(await handlers.scenario?.(start('quiet-night')), {
    name: 'quiet-night',
    about: 'for a minute, hardly an order, and no customer registers, moves or leaves',
    seconds: 60,
    seed: 7,
  });
  await until('both commands', () => sent.length === 2);
  const names = () => sent.map(({ target, command }) => `${target} ${command}`);
  assert.deepEqual(names(), ['order-service set-traffic', 'updater set-customers']);
  for (const each of sent) assert.ok('seconds' in each && (each.seconds ?? 0) > 0, 'the service goes back by itself');

  assert.throws(() => handlers.scenario?.(start('flash-sale')), /the scenario quiet-night is running/);
  assert.deepEqual(await handlers.reset?.(reset), { name: 'quiet-night' });
  assert.deepEqual(names().slice(2), ['order-service reset', 'updater reset']);
  assert.equal(await handlers.reset?.(reset), undefined);
  assert.throws(() => handlers.scenario?.(start('slow-sale')), /there is no scenario slow-sale, only flash-sale, /);
});
