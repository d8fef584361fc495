import type { ShopTopics, TopicFollower } from '@shop/common';
import type { AskDependency } from '../ask-dependency.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import type { OrderTracker } from '../orders/order-tracker.ts';
import type { CustomerHistory } from './customer-history.ts';
import type { Freshness } from './freshness.ts';
import type { KsqldbRows } from './ksqldb-rows.ts';
import type { ShipmentVerifier } from './shipment-verifier.ts';

interface AddressesCheckPlan {
  orders: Pick<OrderTracker, 'readShipment'>;
  history: CustomerHistory;
  /** Reads everything that is committed in Postgres into the history. */
  readHistory(): Promise<void>;
  verifier: ShipmentVerifier;
  ksqldbRows: KsqldbRows;
  freshness: Freshness;
  topics: Pick<ShopTopics, 'orders' | 'shipments'>;
  follower: Pick<TopicFollower, 'catchUp'>;
  askPostgres: AskDependency;
  /** Observed time, ms. */
  observedMs(): number;
  /** How long a round waits until the topics are read to their end, ms. */
  patienceMs: number;
}

/** Most time from a look-up until the audit reads its shipment, ms of observed time. Versions replaced earlier are forgotten. */
const longestInFlightMs = 300_000;

/** Time in which ksqlDB usually publishes a change, ms. Earlier, the version before it cannot be forgotten. */
const publishedWithinMs = 30_000;
/** Most customers to examine in one round. More would delay the other checks. */
const mostForgotten = 20_000;

/** P3 and P4: checks shipped addresses against the history of customers and the rows that ksqlDB had. */
export function createAddressesCheck(plan: AddressesCheckPlan): PromiseCheck {
  const { orders, history, verifier, ksqldbRows, freshness, topics, follower, patienceMs } = plan;
  const { readHistory, askPostgres, observedMs } = plan;
  let isRead = false;
  let unavailable: string | undefined;

  /** No shipment still to come has an address that ksqlDB replaced long ago. */
  function forgetFormer(): void {
    const longAgo = observedMs() - longestInFlightMs;
    for (const id of history.takeWithFormer(longAgo - publishedWithinMs, mostForgotten)) {
      const index = ksqldbRows.publishedIndex(id, longAgo);
      if (index < 1) continue;
      history.forgetBefore(id, index);
      ksqldbRows.forgetFormer(id);
    }
  }

  return {
    onRecord(record) {
      if (record.topic !== topics.shipments.topic) return;
      const shipment = orders.readShipment(record);
      if (shipment) verifier.add(shipment, record, observedMs());
    },

    onGap({ topic, reason }) {
      if (reason === 'topic_recreated' && topic === topics.orders.topic) ksqldbRows.startCheckpointsOver();
    },

    async round({ now }) {
      isRead = await follower.catchUp([topics.shipments.topic], patienceMs);
      // ksqlDB returns nothing that was not committed in Postgres before, so the history read now contains it.
      const cases = verifier.takePending();
      const read = await askPostgres(readHistory);
      unavailable = 'reason' in read ? read.reason : undefined;
      if ('reason' in read) {
        verifier.putBack(cases);
        return;
      }
      verifier.verifyAll(cases, now);
      forgetFormer();
    },

    // Does not wait for a Postgres that does not answer.
    undecided: () => !isRead,
    get reading() {
      return !isRead;
    },

    statuses({ now }) {
      const { delivered, undeliverable, pending, beyond_history } = verifier.figures();
      const notVerified = pending > 0 ? unavailable : undefined;
      const unread = isRead ? unavailable : 'the topics are still being read';
      const none = (what: string) => unread ?? `there are no ${what}`;
      return {
        P3: {
          cases: delivered,
          found: [verifier.addressFindings],
          figures: { ...freshness.figures(), pending, beyond_history },
          serviceLevel: freshness.level(now),
          unchecked: delivered === 0 ? none('deliveries') : notVerified,
        },
        // Without undeliverable orders, P4 holds: it is not unchecked.
        P4: {
          cases: undeliverable,
          found: [verifier.deletedFindings],
          figures: { pending },
          unchecked: undeliverable + delivered === 0 ? none('outcomes') : notVerified,
        },
      };
    },
  };
}
