import assert from 'node:assert/strict';
import test from 'node:test';
import type { KsqldbClient } from '@shop/common';
import type { AskDependency } from '../../src/ask-dependency.ts';
import { createChangeProgress } from '../../src/customers/change-progress.ts';
import { createChangeReader } from '../../src/customers/change-reader.ts';
import { createCustomersCheck } from '../../src/customers/check-customers.ts';
import { rowFingerprint } from '../../src/customers/row-fingerprint.ts';

const person = { first_name: 'Ada', last_name: 'Lovelace', zipcode: '1', country: 'UK' };
const ask: AskDependency = async (request) => ({ value: await request() });

/** Postgres has customers 1 and 2. Customer 2 moved, and change capture lost the change. */
function openCheck() {
  const changeProgress = createChangeProgress();
  const postgres = new Map([
    [1, rowFingerprint({ ...person, address: 'Home' })],
    [2, rowFingerprint({ ...person, address: 'New Road' })],
  ]);
  const rows = { rows: postgres, readAt: 1_000 };
  const row = (id: number, address: string) => [id, 'u', ...Object.values(person), address];
  const check = createCustomersCheck({
    historyIds: () => [],
    table: { ids: () => [1, 2, 3], records: 0 },
    lateOrderOf: (id) => (id === 3 ? 'o-7' : undefined),
    postgres: { readRows: async () => rows, readPage: async () => rows } as never,
    ksqldb: {
      pull: async () => ({ columnNames: [], rows: [row(1, 'Home'), row(2, 'Old Road'), row(3, 'Forged')] }),
    } as unknown as KsqldbClient,
    askPostgres: ask,
    askKsqldb: ask,
    changesTopic: 'changes',
    changeReader: createChangeReader(changeProgress),
    changeProgress,
    settleMs: 15_000,
    stuckMs: 120_000,
    rowsPerRound: 100,
  });
  async function runRound(observedMs: number, idleMs = 0) {
    const round = { now: 0, observedMs, quiet: false, idleMs };
    await check.round?.(round);
    return check.statuses(round).P6?.found[0];
  }
  return { changeProgress, runRound };
}

const lost = [
  { problem: 'not_in_postgres', customer_id: 3, order_id: 'o-7', detail: 'delivered to a former address' },
  { problem: 'another_row', customer_id: 2 },
];

test('reports a lost change, and the order that went to the former address, once later changes have arrived', async () => {
  const { changeProgress, runRound } = openCheck();
  changeProgress.addChange(0, { handledAt: 10, committedAt: 1_001 });
  await runRound(1);
  assert.equal((await runRound(2))?.count, 0);
  changeProgress.addRow(0, 10);
  assert.deepEqual((await runRound(3))?.first, lost);
});

test('reports a lost change also when no change arrives any more while orders continue', async () => {
  const { runRound } = openCheck();
  for (const observedMs of [0, 5_000, 119_000])
    assert.equal((await runRound(observedMs))?.count, 0, `after ${observedMs} ms`);
  assert.deepEqual((await runRound(120_000))?.first, lost);
});
