import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CommandRequest, createCommand, createResets, runScenario } from '../../src/index.ts';
import type { ScenarioStep } from '../../src/scenarios/read-scenario.ts';

const steps: ScenarioStep[] = [
  { at: 0, request: { target: 'order-service', command: 'set-traffic', times: 50 } },
  { at: 0, request: { target: 'updater', command: 'move-many', share: 0.5, seconds: 60 } },
  { at: 0.02, request: { target: 'order-service', command: 'set-rate', orders_per_second: 5, seconds: 7 } },
];

test('sends each command at its time, with the seed and the rest of the time where the command takes them', async () => {
  const sent: CommandRequest[] = [];
  const signal = new AbortController().signal;
  const send = async (request: CommandRequest) => void sent.push(request);
  assert.equal(await runScenario({ scenario: { seconds: 0.05, seed: 9, steps }, send, signal }), true);
  assert.deepEqual(sent, [
    { target: 'order-service', command: 'set-traffic', times: 50, seed: 9, seconds: 1 },
    { target: 'updater', command: 'move-many', share: 0.5, seed: 9, seconds: 60 },
    { target: 'order-service', command: 'set-rate', orders_per_second: 5, seconds: 7 },
  ]);
  for (const request of sent) createCommand(request);
});

test('an early end sends nothing more, and resets undo what was sent', async () => {
  const ending = new AbortController();
  const sent: string[] = [];
  const running = runScenario({
    scenario: { seconds: 600, seed: 1, steps: [{ at: 0, request: { target: 'updater', command: 'reset' } }, ...steps] },
    send: async ({ command }) => {
      sent.push(command);
      ending.abort();
    },
    signal: ending.signal,
  });
  assert.equal(await running, false);
  await nextTurn();
  assert.deepEqual(sent, ['reset']);
  assert.deepEqual(createResets({ steps }), [
    { target: 'order-service', command: 'reset' },
    { target: 'updater', command: 'reset' },
  ]);
});
