import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceStatus } from '@shop/common';
import { createFaults } from '../../src/shop/faults.ts';
import { createOpenOrders } from '../../src/shop/open-orders.ts';
import { buildAnswer, buildStatus, iso, start } from '../support/answers.ts';

function openFaults() {
  let now = start;
  const openOrders = createOpenOrders(() => now);
  const faults = createFaults(openOrders, () => now);
  const answer = (command: string, details = {}) => buildAnswer('shipping-service', command, details);
  const status = (at: number, fields: Partial<ServiceStatus> = {}) => buildStatus('shipping-service', at, fields);
  return {
    faults,
    openOrders,
    answer,
    status,
    pass: (ms: number) => {
      now = start + ms;
    },
  };
}

test('a crash ends when a new process is ready, and is over when the orders that waited are shipped', () => {
  const { faults, openOrders, answer, status, pass } = openFaults();
  faults.noteResult(answer('crash'));
  for (const [id, at] of [
    ['a', 100],
    ['b', 200],
    ['c', 5_000],
  ] as const) {
    openOrders.opened(id, start + at);
    faults.noteOrders();
  }
  pass(3_000);
  faults.noteStatus(status(3_000, { state: 'starting', since: iso(2_500) }));
  faults.noteStatus(status(-10));
  assert.equal(faults.lines()[0]?.recovered_at, null, 'neither a start nor an old report');
  faults.noteStatus(status(3_500, { since: iso(3_400), instance: 'other' }));
  assert.equal(faults.lines()[0]?.recovered_at, null, 'another instance');
  faults.noteStatus(status(3_500, { since: iso(3_400) }));
  assert.equal(faults.lines()[0]?.recovered_at, start + 3_400);

  pass(6_000);
  openOrders.closed('a');
  faults.noteOrders();
  assert.equal(faults.lines()[0]?.caught_up_at, null, 'b still waits');
  openOrders.closed('b');
  faults.noteOrders();
  const [fault] = faults.lines();
  assert.deepEqual([fault?.caught_up_at, fault?.most_waiting], [start + 6_000, 3]);
});

test('a freeze ends with the first report after it', () => {
  const { faults, answer, status, pass } = openFaults();
  faults.noteResult(answer('freeze', { seconds: 15 }));
  pass(14_000);
  faults.noteStatus(status(100));
  assert.equal(faults.lines()[0]?.recovered_at, null, 'the report was under way when the service froze');
  pass(16_000);
  faults.noteStatus(status(15_300));
  assert.equal(faults.lines()[0]?.recovered_at, start + 15_300);
});

test('what was refused, what is no fault and what is long over is not listed', () => {
  const { faults, answer, pass } = openFaults();
  faults.noteResult(answer('crash', { status: 'refused' }));
  faults.noteResult(answer('slow'));
  pass(11 * 60_000);
  faults.noteResult(answer('crash'));
  assert.deepEqual(faults.lines(), []);
});

test('only the last faults are kept', () => {
  const { faults, answer } = openFaults();
  for (const id of ['1', '2', '3', '4', '5', '6']) faults.noteResult(answer('crash', { command_id: id }));
  assert.deepEqual(
    faults.lines().map(({ command_id }) => command_id),
    ['6', '5', '4', '3'],
  );
});

test('a server is up again when npm start reports it', () => {
  const { faults, answer } = openFaults();
  const crash = answer('crash', { target: 'kafka', instance: 'npm-start' });
  faults.noteResult(crash);
  assert.equal(faults.lines()[0]?.recovered_at, null);
  faults.noteResult({ ...crash, recovered_at: iso(2_000) });
  assert.deepEqual(
    faults.lines().map(({ service, recovered_at }) => [service, recovered_at]),
    [['kafka', start + 2_000]],
  );
});
