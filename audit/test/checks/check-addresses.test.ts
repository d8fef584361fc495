import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopics, ShopError } from '@shop/common';
import { createAddressesCheck } from '../../src/checks/check-addresses.ts';
import type { Reached } from '../../src/checks/reach.ts';
import type { PostgresRows } from '../../src/customers/postgres-customers.ts';
import { createOrderLedger } from '../../src/orders/order-ledger.ts';
import { openCourt } from '../support/open-court.ts';
import { atMs, changeRecord, shipmentOf, shipmentRecord } from '../support/records.ts';

const topics = readTopics({});

/** Customer 1's only change is older than the look-up: only Postgres can tell that none has followed. */
async function judgeWith(answer: Reached<PostgresRows>, read = true) {
  const { history, court, shown, freshness } = openCourt();
  const check = createAddressesCheck({
    ledger: createOrderLedger({ ordersTopic: 'o', ordersWaitingTopic: 'w', duplicateWindowMs: 0 }),
    history,
    court,
    shown,
    freshness,
    topics,
    following: {
      start: async () => {},
      catchUp: async () => read,
      ends: async () => new Map(),
      starts: () => new Map(),
      stop: async () => {},
    },
    published: { startIfPresent: async () => {} },
    readRows: async () => {
      if ('value' in answer) return answer.value;
      throw new ShopError('away', answer.reason);
    },
    reachPostgres: async (ask) => {
      try {
        return { value: await ask() };
      } catch (error) {
        return { reason: String(error) };
      }
    },
    lookedAt: () => 0,
    patienceMs: 0,
  });
  const round = { now: Date.now(), looked: 0, quiet: true, stillMs: 0 };
  const lookedUp = { looked_up_at: new Date(atMs(30_000)).toISOString() };
  check.take?.(changeRecord({ offset: 0 }, 'c', 1, 'Old Road 1'));
  check.take?.(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 }, lookedUp)));
  await check.round?.(round);
  const print = history.of(1)[0]?.print ?? 0;
  const { P3 } = check.standings(round);
  return { standing: P3, measured: P3?.figures?.['freshness_measured'], print, undecided: check.undecided?.(round) };
}

test('a shipment is judged as soon as the topics are read; Postgres confirms how fresh it was', async () => {
  const { print } = await judgeWith({ reason: 'away' });
  const rows = { prints: new Map([[1, print]]), at: atMs(31_000), until: atMs(31_000) };
  const { standing, measured, undecided } = await judgeWith({ value: rows });
  assert.deepEqual(
    { cases: standing?.cases, unchecked: standing?.unchecked, measured, undecided },
    { cases: 1, unchecked: undefined, measured: 1, undecided: false },
  );
});

test('when Postgres has another row, or is away, the verdict stands and the freshness is not known yet', async () => {
  const other = { prints: new Map([[1, 42]]), at: atMs(31_000), until: atMs(31_000) };
  for (const answer of [{ value: other }, { reason: 'Postgres is away' }]) {
    const { standing, measured, undecided } = await judgeWith(answer);
    assert.deepEqual({ cases: standing?.cases, measured, undecided }, { cases: 1, measured: 0, undecided: false });
  }
});

test('while the topics are not read to their end, nothing is claimed', async () => {
  const { standing, undecided } = await judgeWith({ reason: 'away' }, false);
  assert.deepEqual([standing?.cases, standing?.unchecked, undecided], [0, 'the topics are still being read', true]);
});
