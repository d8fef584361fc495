import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult } from '@shop/audit';
import type { OrderRecords } from '../collect-orders.ts';
import { buildReport, type Conditions } from './build-report.ts';
import { computeFigures } from './figures.ts';
import { gradeOf } from './grade.ts';
import type { InjectedFault, JudgedPromise } from './report.ts';
import { toHtml } from './to-html.ts';
import { toText } from './to-text.ts';

/** An order for each time from placing it to its outcome, ms, one a second; `undefined` has no outcome. */
const ordersThatTook = (...took: (number | undefined)[]): OrderRecords =>
  new Map(
    took.map((ms, offset) => {
      const placedAt = 1_000 * offset;
      const outcomes = ms === undefined ? [] : [{ kind: 'shipment' as const, at: placedAt + ms }];
      return [`0/${offset}`, { partition: 0, offset, placedAt, orderId: `o${offset}`, outcomes }];
    }),
  );
const kill: InjectedFault = { name: 'kill', what: 'kill -9', from: 1_000, recoveredAt: 2_000 };
const conditions: Conditions = {
  command: 'node <shipping>.mjs',
  seed: 7,
  instances: 1,
  rate: 50,
  startedAt: '2026-11-28T00:00:00.000Z',
  seconds: 60,
  ends: [{ instance: 'shipping-1', at: '2026-11-28T00:00:30.000Z', how: 'exit code 1' }],
  logFiles: ['/tmp/shipping-1.log'],
};
const result = (check: CheckResult['check'], state: CheckResult['state'], first: CheckResult['first'] = []) => ({
  check,
  promise: `promise ${check}`,
  state,
  cases: 4,
  violations: first.length,
  first,
  figures: {},
  text: 'because',
  at: '',
});

test('orders of a fault and of its recovery do not count against the speed', () => {
  const figures = computeFigures(ordersThatTook(100, 60_000, 60_000, 200, undefined), [kill]);
  assert.deepEqual(
    { orders: figures.orders, p50Ms: figures.p50Ms, calm: figures.calm, calmInTime: figures.calmInTime },
    { orders: 4, p50Ms: 200, calm: 2, calmInTime: 2 },
  );
});

test('a fault without a recovery lasts until the end', () => {
  const { recoveredAt: _, ...stuck } = kill;
  assert.equal(computeFigures(ordersThatTook(100, 100, 100), [stuck]).calm, 1);
});

test('grades', () => {
  const figures = computeFigures(ordersThatTook(100, 6_000), []);
  const promises = (...states: JudgedPromise['state'][]) => states.map((state) => ({ state }) as JudgedPromise);
  assert.equal(gradeOf(promises('ok', 'ok'), computeFigures(ordersThatTook(100), [])), 'A');
  assert.equal(gradeOf(promises('ok', 'ok'), figures), 'B', 'slow, but right');
  assert.equal(gradeOf(promises('ok', 'ok', 'violated'), figures), 'C');
  assert.equal(gradeOf(promises('ok', 'unchecked', 'violated'), figures), 'D', 'what could not be checked counts');
  assert.equal(gradeOf(promises('violated', 'violated'), figures), 'F');
  assert.equal(gradeOf(promises('ok', 'ok'), computeFigures(new Map(), [])), 'F', 'nothing shipped');
});

test('a report has the promises of a shipping service, and names the violation in text, JSON and HTML', () => {
  const lost = { problem: 'no_outcome', order_id: 'o1', topic: 'customer_orders', partition: 0, offset: 1 };
  const results = [result('P1', 'violated', [lost]), result('P2', 'ok'), result('P5', 'violated', [lost])];
  const report = buildReport(conditions, { results, orders: ordersThatTook(100, undefined, 100), faults: [kill] });
  assert.deepEqual(
    report.promises.map(({ check }) => check),
    ['P1', 'P2'],
  );
  assert.deepEqual({ grade: report.grade, passed: report.passed }, { grade: 'C', passed: false });
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  for (const text of [toText(report), toHtml(report)]) {
    assert.match(text, /order o1 was lost: its offset was committed before its outcome/);
    assert.match(text, /exit code 1/);
  }
  assert.match(toHtml(report), /node &lt;shipping&gt;\.mjs/);
  assert.doesNotMatch(toHtml(report), /https?:|src=|href=/, 'no assets');
});
