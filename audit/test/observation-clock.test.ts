import assert from 'node:assert/strict';
import test from 'node:test';
import { createIdleTime } from '../src/idle-time.ts';
import { createObservationClock } from '../src/observation-clock.ts';

test('a long pause of the audit itself counts as a few seconds', () => {
  const clock = createObservationClock();
  const idleTime = createIdleTime();
  const observe = (now: number, count: number) => idleTime.note(count, clock.observe(now));
  assert.equal(observe(1_000_000, 7), 0);
  assert.equal(observe(1_001_000, 7), 1_000);
  assert.equal(observe(9_999_000, 7), 6_000, 'a laptop that slept');
  assert.equal(observe(9_000_000, 7), 6_000, 'a clock that was set back');
  assert.equal(observe(9_001_000, 8), 0);
  assert.equal(clock.observedMs, 7_000);
});
