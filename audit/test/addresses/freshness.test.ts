import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createHistogram } from '../../src/findings/histogram.ts';

test('knows nothing without times', () => {
  const { max, quantile } = createHistogram();
  assert.deepEqual([max, quantile(0.5)], [null, null]);
});

test('quantiles are right to 2 % and half a millisecond', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), fc.constantFrom(0.5, 0.99, 1), (times, part) => {
      const histogram = createHistogram();
      for (const time of times) histogram.add(time);
      const sorted = [...times].sort((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(part * sorted.length)) - 1] ?? 0;
      const found = histogram.quantile(part) ?? Number.NaN;
      assert.ok(Math.abs(found - exact) <= 0.02 * (exact + 1) + 0.5, `${found} for ${exact}`);
      assert.equal(histogram.max, sorted.at(-1));
    }),
  );
});
