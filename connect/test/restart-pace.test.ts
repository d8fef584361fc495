import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRestartPace } from '../src/restart-pace.ts';

const options = { firstMs: 5, longestMs: 20, settleMs: 5 };

test('restarts at once, then with growing delays up to the longest', () => {
  const pace = createRestartPace(options);
  const taken = Array.from({ length: 60 }, (_, ms) => ms).filter((ms) => pace.take(ms));
  assert.deepEqual(taken, [0, 5, 15, 35, 55]);
});

test('counts as running some time after a restart, and at once without one', () => {
  const pace = createRestartPace(options);
  assert.equal(pace.runs(0), true);
  pace.take(10);
  assert.equal(pace.runs(14), false);
  assert.equal(pace.runs(15), true);
});

test('starts over after it ran for long', () => {
  const pace = createRestartPace(options);
  for (const ms of [0, 5, 15]) assert.ok(pace.take(ms));
  assert.equal(pace.take(30), false);
  pace.runs(35);
  assert.ok(pace.take(35));
  assert.ok(pace.take(40));
});
