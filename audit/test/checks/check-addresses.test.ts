import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopics, ShopError } from '@shop/common';
import { createAddressesCheck } from '../../src/checks/check-addresses.ts';
import type { Reached } from '../../src/checks/reach.ts';
import { createCustomerHistory } from '../../src/customers/customer-history.ts';
import { createShipmentCourt } from '../../src/customers/shipment-court.ts';
import { createOrderLedger } from '../../src/orders/order-ledger.ts';
import { atMs, changeRecord, shipmentOf, shipmentRecord, topicNames } from '../support/records.ts';

const topics = readTopics({});

/** Customer 1's only change is older than the look-up: only Postgres can tell that none has followed. */
async function judgeWith(answer: Reached<{ prints: Map<number, number>; at: number }>) {
  const history = createCustomerHistory();
  const check = createAddressesCheck({
    ledger: createOrderLedger({ ordersTopic: 'o', ordersWaitingTopic: 'w', duplicateWindowMs: 0 }),
    history,
    court: createShipmentCourt(history, topicNames.shipments, () => 5_000),
    topics,
    following: {
      start: async () => {},
      catchUp: async () => true,
      ends: async () => new Map(),
      starts: () => new Map(),
      lastRecordAt: 0,
      stop: async () => {},
    },
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
    boundMs: () => 5_000,
    patienceMs: 0,
  });
  const round = { now: Date.now(), quiet: true };
  const lookedUp = { looked_up_at: new Date(atMs(30_000)).toISOString() };
  check.take?.(changeRecord({ offset: 0 }, 'c', 1, 'Old Road 1'));
  check.take?.(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 }, lookedUp)));
  await check.round?.(round);
  const print = history.of(1)[0]?.print ?? 0;
  return { standing: check.standings(round).P3, print, undecided: check.undecided?.(round) };
}

test('Postgres confirms the last version, and the shipment is judged', async () => {
  const { print } = await judgeWith({ reason: 'away' });
  const { standing, undecided } = await judgeWith({ value: { prints: new Map([[1, print]]), at: atMs(31_000) } });
  assert.deepEqual(
    { cases: standing?.cases, unchecked: standing?.unchecked, undecided },
    { cases: 1, unchecked: undefined, undecided: false },
  );
});

test('when Postgres has another row, a change is still on its way', async () => {
  const { standing, undecided } = await judgeWith({ value: { prints: new Map([[1, 42]]), at: atMs(31_000) } });
  assert.deepEqual({ cases: standing?.cases, undecided }, { cases: 0, undecided: true });
  assert.match(standing?.unchecked ?? '', /1 shipments are not judged yet/);
});

test('without Postgres nothing is claimed', async () => {
  const { standing, undecided } = await judgeWith({ reason: 'Postgres is away' });
  assert.match(standing?.unchecked ?? '', /Postgres is away/);
  assert.equal(undecided, false, 'and nobody waits for it');
});
