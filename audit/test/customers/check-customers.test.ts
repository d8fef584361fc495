import assert from 'node:assert/strict';
import test from 'node:test';
import type { KsqldbClient } from '@shop/common';
import { createCustomerHistory, printOf } from '../../src/addresses/customer-history.ts';
import type { Reach } from '../../src/ask-dependency.ts';
import { createShownChanges } from '../../src/customers/change-progress.ts';
import { createCustomersCheck } from '../../src/customers/check-customers.ts';

const person = { first_name: 'Ada', last_name: 'Lovelace', zipcode: '1', country: 'UK' };
const reach: Reach = async (ask) => ({ value: await ask() });

/** Postgres has customers 1 and 2; customer 2 moved, which change capture lost. */
function openCheck() {
  const changes = createShownChanges();
  const postgres = new Map([
    [1, printOf({ ...person, address: 'Home' })],
    [2, printOf({ ...person, address: 'New Road' })],
  ]);
  const rows = { prints: postgres, until: 1_000 };
  const row = (id: number, address: string) => [id, 'u', ...Object.values(person), address];
  const check = createCustomersCheck({
    history: createCustomerHistory(),
    publishedIds: () => [1, 2, 3],
    lateOrderOf: (id) => (id === 3 ? 'o-7' : undefined),
    postgres: { readRows: async () => rows, readPage: async () => rows } as never,
    ksqldb: {
      pull: async () => ({ columnNames: [], rows: [row(1, 'Home'), row(2, 'Old Road'), row(3, 'Forged')] }),
    } as unknown as KsqldbClient,
    reachPostgres: reach,
    reachKsqldb: reach,
    changes,
    changesMoved: () => 0,
    settleMs: 15_000,
    stuckMs: 120_000,
    perRound: 100,
  });
  async function look(looked: number, stillMs = 0) {
    const round = { now: 0, looked, quiet: false, stillMs };
    await check.round?.(round);
    return check.standings(round).P6?.found[0];
  }
  return { changes, look };
}

const lost = [
  { problem: 'not_in_postgres', customer_id: 3, order_id: 'o-7', detail: 'delivered to a former address' },
  { problem: 'another_row', customer_id: 2 },
];

test('a change that was lost is named, with the order that went to the former address, once later ones have come', async () => {
  const { changes, look } = openCheck();
  changes.note(0, { handledAt: 10, committedAt: 1_001 });
  await look(1);
  assert.equal((await look(2))?.count, 0);
  changes.show(0, 10);
  assert.deepEqual((await look(3))?.first, lost);
});

test('it is named, too, when no change comes through any more although orders go on', async () => {
  const { look } = openCheck();
  for (const looked of [0, 5_000, 119_000]) assert.equal((await look(looked))?.count, 0, `after ${looked} ms`);
  assert.deepEqual((await look(120_000))?.first, lost);
});
