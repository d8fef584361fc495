import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReport } from '../../src/service/report.ts';

test('a counter that is declared twice is one counter', async () => {
  const report = createReport();
  const [first, second] = [report.counter('rounds', 'Rounds'), report.counter('rounds', 'Rounds')];
  first();
  second(2);
  assert.equal(report.snapshot().counters['rounds'], 3);
  assert.match(await report.registry.metrics(), /^shop_rounds_total 3$/m);
});
