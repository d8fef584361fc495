import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimit } from '../../src/commands/rate-limit.ts';

test('an address has ten commands at once, then two a second; another address has its own', () => {
  let now = 0;
  const isInTime = createRateLimit(() => now);
  const count = (address: string, tries: number) =>
    Array.from({ length: tries }, () => isInTime(address)).filter((allowed) => allowed).length;
  assert.equal(count('a', 20), 10);
  assert.equal(count('b', 20), 10);
  now += 1_000;
  assert.equal(count('a', 20), 2);
  now += 3_600_000;
  assert.equal(count('a', 20), 10);
});
