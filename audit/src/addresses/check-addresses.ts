import type { ShopTopics } from '@shop/common';
import type { Reach } from '../ask-dependency.ts';
import type { TopicChanges } from '../customers/change-reader.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import type { Following } from '../kafka/follow-topics.ts';
import type { LateFollowing } from '../kafka/follow-when-present.ts';
import type { OrderLedger } from '../orders/order-tracker.ts';
import type { CustomerHistory } from './customer-history.ts';
import type { Freshness } from './freshness.ts';
import type { ShownRows } from './ksqldb-rows.ts';
import type { ShipmentCourt } from './shipment-verifier.ts';

export interface AddressesPlan {
  ledger: OrderLedger;
  history: CustomerHistory;
  /** Reads all that was committed in Postgres by now into the history. */
  readHistory(): Promise<void>;
  /** Of Debezium. */
  topicChanges: TopicChanges;
  court: ShipmentCourt;
  shown: ShownRows;
  freshness: Freshness;
  topics: Pick<ShopTopics, 'customers' | 'orders' | 'shipments'>;
  following: Following;
  /** Of what ksqlDB publishes. */
  published: Pick<LateFollowing, 'startIfPresent'>;
  reachPostgres: Reach;
  /** By the clock of looks. */
  lookedAt(): number;
  patienceMs: number;
}

/** A shipment read later was looked up no longer ago than this, ms of looking: what was superseded before can be forgotten. */
const longestInFlightMs = 300_000;

/** P3 and P4: where the parcels went, against the history of the customers and what ksqlDB had shown of them. */
export function createAddressesCheck(plan: AddressesPlan): PromiseCheck {
  const { ledger, history, court, shown, freshness, topics, following, published, patienceMs } = plan;
  const { readHistory, topicChanges, reachPostgres, lookedAt } = plan;
  let isRead = false;
  let unreachable: string | undefined;

  /** An address that ksqlDB superseded long ago is in no shipment that is still to come. */
  function forgetFormer(): void {
    const long = lookedAt() - longestInFlightMs;
    for (const id of [...history.changed()]) {
      const index = shown.indexShownBy(id, long);
      if (index < 1) continue;
      history.forgetBefore(id, index);
      shown.forgetFormer(id);
    }
  }

  return {
    take(record) {
      if (record.topic === topics.customers.topic) topicChanges.read(record);
      if (record.topic !== topics.shipments.topic) return;
      const shipment = ledger.readShipment(record);
      if (shipment) court.file(shipment, record, lookedAt());
    },

    lose({ topic, reason }) {
      if (reason === 'topic_made_anew' && topic === topics.orders.topic) shown.forgetMarks();
    },

    async round({ now }) {
      await published.startIfPresent();
      isRead = await following.catchUp([topics.shipments.topic], patienceMs);
      // ksqlDB answers nothing that was not committed in Postgres before: the history that is read now has it.
      const cases = court.takePending();
      const read = await reachPostgres(readHistory);
      unreachable = 'reason' in read ? read.reason : undefined;
      if ('reason' in read) {
        court.putBack(cases);
        return;
      }
      court.judgeAll(cases, now);
      forgetFormer();
    },

    // A Postgres that does not answer is not waited for.
    undecided: () => !isRead,
    get reading() {
      return !isRead;
    },

    standings({ now }) {
      const { delivered, undeliverable, pending, beyond_history } = court.figures();
      const open = pending > 0 ? unreachable : undefined;
      const unread = isRead ? unreachable : 'the topics are still being read';
      const none = (what: string) => unread ?? `there are no ${what}`;
      return {
        P3: {
          cases: delivered,
          found: [court.addresses],
          figures: { ...freshness.figures(), pending, beyond_history },
          serviceLevel: freshness.level(now),
          unchecked: delivered === 0 ? none('deliveries') : open,
        },
        // That no order had to be refused is a good shop, not one that was not checked.
        P4: {
          cases: undeliverable,
          found: [court.deleted],
          figures: { pending },
          unchecked: undeliverable + delivered === 0 ? none('outcomes') : open,
        },
      };
    },
  };
}
