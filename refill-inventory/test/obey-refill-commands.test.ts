import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandRequest, createCommand } from '@shop/common';
import { createRefillCommands, type RefillPace } from '../src/obey-refill-commands.ts';

const initial = { min: 20, max: 60, intervalMs: 10_000 };

function openCommands() {
  let pace: RefillPace = initial;
  const handlers = createRefillCommands(initial, (changed) => {
    pace = { ...pace, ...changed };
    return pace;
  });
  const set = (request: Extract<CommandRequest, { command: 'set-refills' }>) =>
    handlers['set-refills']?.(createCommand(request) as never);
  return { set, reset: () => handlers.reset?.(undefined as never), pace: () => pace };
}

test('changes what the command names, and goes back to the settings', () => {
  const { set, reset, pace } = openCommands();
  assert.deepEqual(set({ target: 'refill-inventory', command: 'set-refills', max: 100, interval_ms: 500 }), {
    min: 20,
    max: 100,
    interval_ms: 500,
  });
  assert.deepEqual(pace(), { min: 20, max: 100, intervalMs: 500 });
  reset();
  assert.deepEqual(pace(), initial);
});

test('refuses a min above max, and changes nothing', () => {
  const { set, pace } = openCommands();
  assert.throws(
    () => set({ target: 'refill-inventory', command: 'set-refills', min: 61, interval_ms: 500 }),
    /min 61 is above max 60/,
  );
  assert.deepEqual(pace(), initial);
});
