import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createFreshness } from '../../src/addresses/freshness.ts';

const now = Date.now();

test('the figures are null before the first address is measured', () => {
  const { freshness_p50_ms, freshness_max_ms, freshness_measured } = createFreshness(5_000).figures();
  assert.deepEqual([freshness_p50_ms, freshness_max_ms, freshness_measured], [null, null, 0]);
});

test('percentiles are exact to 0.1 % and 1 ms, and the maximum is exact', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), (ages) => {
      const freshness = createFreshness(5_000);
      for (const ageMs of ages) freshness.add(ageMs, now);
      const sorted = [...ages].sort((a, b) => a - b);
      const figures = freshness.figures();
      for (const [percent, found] of [
        [50, figures.freshness_p50_ms],
        [99, figures.freshness_p99_ms],
      ] as const) {
        // The histogram takes the value whose rank is nearest.
        const rank = Math.max(1, Math.floor((percent / 100) * sorted.length + 0.5));
        const exact = sorted[rank - 1] ?? Number.NaN;
        assert.ok(Math.abs((found ?? Number.NaN) - exact) <= 0.001 * exact + 1, `p${percent}: ${found} for ${exact}`);
      }
      assert.equal(figures.freshness_max_ms, sorted.at(-1));
    }),
  );
});

test('an address of unknown age is not measured', () => {
  const freshness = createFreshness(5_000);
  for (const ageMs of [Number.POSITIVE_INFINITY, Number.NaN]) freshness.add(ageMs, now);
  assert.equal(freshness.figures().freshness_measured, 0);
});
