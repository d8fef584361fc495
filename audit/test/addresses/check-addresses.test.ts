import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopics, ShopError } from '@shop/common';
import { createAddressesCheck } from '../../src/addresses/check-addresses.ts';
import { createOrderTracker } from '../../src/orders/order-tracker.ts';
import { openVerifier } from '../support/open-verifier.ts';
import { historyChange, shipmentOf, shipmentRecord } from '../support/records.ts';

const topics = readTopics({});
const round = { now: Date.now(), observedMs: 0, quiet: true, idleMs: 0 };

/** Opens the check with a shipment to customer 1, who registers when the history is read. */
function openCheck() {
  const { history, verifier, ksqldbRows, freshness } = openVerifier();
  const state = { isRead: true, postgresAnswers: true };
  const check = createAddressesCheck({
    orders: createOrderTracker({ ordersTopic: 'o', ordersWaitingTopic: 'w', duplicateWindowMs: 0 }),
    history,
    async readHistory() {
      if (!state.postgresAnswers) throw new ShopError('unavailable', 'no answer');
      history.add(historyChange({ offset: 0 }, 'c', 1, 'Old Road 1'));
    },
    verifier,
    ksqldbRows,
    freshness,
    topics,
    follower: { catchUp: async () => state.isRead },
    askPostgres: async (ask) => {
      try {
        return { value: await ask() };
      } catch (error) {
        return { reason: String(error) };
      }
    },
    observedMs: () => 0,
    patienceMs: 0,
  });
  check.onRecord?.(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 })));
  async function runRound() {
    await check.round?.(round);
    const { P3 } = check.statuses(round);
    return { cases: P3?.cases, unchecked: P3?.unchecked, undecided: check.undecided?.(round) };
  }
  return { state, runRound };
}

test('a shipment is checked against the history that is read after it', async () => {
  const { runRound } = openCheck();
  assert.deepEqual(await runRound(), { cases: 1, unchecked: undefined, undecided: false });
});

test('while Postgres does not answer, P3 is unchecked, and shipments are checked when it answers again', async () => {
  const { runRound, state } = openCheck();
  state.postgresAnswers = false;
  const { cases, unchecked, undecided } = await runRound();
  assert.match(unchecked ?? '', /no answer/);
  assert.deepEqual([cases, undecided], [0, false], 'and no further round is needed');
  state.postgresAnswers = true;
  assert.deepEqual(await runRound(), { cases: 1, unchecked: undefined, undecided: false });
});

test('P3 is undecided until the topics are read to their end', async () => {
  const { runRound, state } = openCheck();
  state.isRead = false;
  assert.equal((await runRound()).undecided, true);
});
