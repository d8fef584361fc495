import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopics, ShopError } from '@shop/common';
import { createAddressesCheck } from '../../src/addresses/check-addresses.ts';
import { createTopicChanges } from '../../src/customers/change-reader.ts';
import { createOrderLedger } from '../../src/orders/order-tracker.ts';
import { openCourt } from '../support/open-verifier.ts';
import { historyChange, shipmentOf, shipmentRecord } from '../support/records.ts';

const topics = readTopics({});
const round = { now: Date.now(), looked: 0, quiet: true, stillMs: 0 };

/** A shipment to customer 1, who registers when the history is read. */
function openCheck() {
  const { history, court, shown, freshness } = openCourt();
  const state = { isRead: true, postgresAnswers: true };
  const check = createAddressesCheck({
    ledger: createOrderLedger({ ordersTopic: 'o', ordersWaitingTopic: 'w', duplicateWindowMs: 0 }),
    history,
    async readHistory() {
      if (!state.postgresAnswers) throw new ShopError('unavailable', 'no answer');
      history.add(historyChange({ offset: 0 }, 'c', 1, 'Old Road 1'));
    },
    topicChanges: createTopicChanges({ note: () => {} }),
    court,
    shown,
    freshness,
    topics,
    following: {
      start: async () => {},
      catchUp: async () => state.isRead,
      ends: async () => new Map(),
      starts: () => new Map(),
      stop: async () => {},
    },
    published: { startIfPresent: async () => {} },
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
  check.take?.(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 })));
  async function look() {
    await check.round?.(round);
    const { P3 } = check.standings(round);
    return { cases: P3?.cases, unchecked: P3?.unchecked, undecided: check.undecided?.(round) };
  }
  return { state, look };
}

test('a shipment is judged by the history that is read after it', async () => {
  const { look } = openCheck();
  assert.deepEqual(await look(), { cases: 1, unchecked: undefined, undecided: false });
});

test('without Postgres nothing is claimed, and what waits is judged when it answers again', async () => {
  const { look, state } = openCheck();
  state.postgresAnswers = false;
  const { cases, unchecked, undecided } = await look();
  assert.match(unchecked ?? '', /no answer/);
  assert.deepEqual([cases, undecided], [0, false], 'and nobody waits for it');
  state.postgresAnswers = true;
  assert.deepEqual(await look(), { cases: 1, unchecked: undefined, undecided: false });
});

test('as long as the topics are not read to their end, there is more to come', async () => {
  const { look, state } = openCheck();
  state.isRead = false;
  assert.equal((await look()).undecided, true);
});
