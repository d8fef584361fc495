import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../src/index.ts';

test('a seed repeats its choices, and no seed does not', () => {
  const draw = (seed?: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
  };
  assert.deepEqual(draw(42), draw(42));
  assert.notDeepEqual(draw(42), draw(43));
  assert.notDeepEqual(draw(), draw());
});

test('numbers stay within both limits and reach them, beyond 32 bits too', () => {
  const random = createRandom(1);
  const dice = new Set(Array.from({ length: 500 }, () => random.integer(1, 6)));
  assert.deepEqual([...dice].sort(), [1, 2, 3, 4, 5, 6]);
  const large = Array.from({ length: 100 }, () => random.integer(0, Number.MAX_SAFE_INTEGER));
  assert.ok(large.every((number) => Number.isSafeInteger(number) && number >= 0));
  assert.ok(large.some((number) => number > 2 ** 40));
});

test('a sample is distinct, complete when little is there, and leaves the list as it was', () => {
  const random = createRandom(1);
  const list = ['a', 'b', 'c', 'd'];
  assert.equal(new Set(random.sample(list, 3)).size, 3);
  assert.deepEqual(random.sample(list, 9).toSorted(), list);
  assert.deepEqual(random.sample([], 2), []);
  assert.deepEqual(list, ['a', 'b', 'c', 'd']);
});

test('every element can get to every place', () => {
  const random = createRandom(1);
  const places = new Set(Array.from({ length: 200 }, () => random.sample([1, 2, 3], 3).join('')));
  assert.equal(places.size, 6);
});

test('picking from nothing is an error', () => {
  assert.throws(() => createRandom(1).pick([]), RangeError);
});
