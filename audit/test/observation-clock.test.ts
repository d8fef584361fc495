import assert from 'node:assert/strict';
import test from 'node:test';
import { createStillness } from '../src/idle-time.ts';
import { createLookClock } from '../src/observation-clock.ts';

test('a pause of the audit itself hardly counts', () => {
  const clock = createLookClock();
  const stillness = createStillness();
  const look = (now: number, count: number) => stillness.note(count, clock.look(now));
  assert.equal(look(1_000_000, 7), 0);
  assert.equal(look(1_001_000, 7), 1_000);
  assert.equal(look(9_999_000, 7), 6_000, 'a laptop that slept');
  assert.equal(look(9_000_000, 7), 6_000, 'a clock that was set back');
  assert.equal(look(9_001_000, 8), 0);
  assert.equal(clock.at, 7_000);
});
