import type { ShopTopics } from '@shop/common';
import type { CustomerHistory } from '../customers/customer-history.ts';
import type { Freshness } from '../customers/freshness.ts';
import type { ReadRows } from '../customers/postgres-customers.ts';
import type { ShipmentCourt } from '../customers/shipment-court.ts';
import type { ShownRows } from '../customers/shown-rows.ts';
import type { Following } from '../kafka/follow-topics.ts';
import type { LateFollowing } from '../kafka/follow-when-present.ts';
import type { OrderLedger } from '../orders/order-ledger.ts';
import type { PromiseCheck } from './promise-check.ts';
import type { Reach } from './reach.ts';

export interface AddressesPlan {
  ledger: OrderLedger;
  history: CustomerHistory;
  court: ShipmentCourt;
  shown: ShownRows;
  freshness: Freshness;
  topics: Pick<ShopTopics, 'customers' | 'orders' | 'shipments'>;
  following: Following;
  /** Of what ksqlDB publishes. */
  published: Pick<LateFollowing, 'startIfPresent'>;
  readRows: ReadRows;
  reachPostgres: Reach;
  /** By the clock of looks. */
  lookedAt(): number;
  patienceMs: number;
}

/** Customers that Postgres is asked for in a round. */
const askedAtOnce = 2_000;
/** A shipment read later was looked up no longer ago than this, ms of looking: what was superseded before can be forgotten. */
const longestInFlightMs = 300_000;

/** P3 and P4: where the parcels went, against the history of the customers and what ksqlDB had shown of them. */
export function createAddressesCheck(plan: AddressesPlan): PromiseCheck {
  const { ledger, history, court, shown, freshness, topics, following, published, patienceMs } = plan;
  const { readRows, reachPostgres, lookedAt } = plan;
  let behind: string | undefined = 'the topics are still being read';

  /** With no later change to show that nothing is on its way, Postgres itself shows it: it has the customer as the topic has. */
  async function measureByPostgres(now: number): Promise<void> {
    const ids = court.unmeasuredCustomers(askedAtOnce);
    if (ids.length === 0) return;
    const asked = await reachPostgres(() => readRows(ids));
    if ('reason' in asked) return;
    const { prints, at } = asked.value;
    const same = ids.filter((id) => (history.of(id).at(-1)?.print ?? undefined) === prints.get(id));
    court.measureCustomers(new Set(same), at, now);
  }

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
      if (record.topic === topics.customers.topic) history.read(record);
      if (record.topic !== topics.shipments.topic) return;
      const shipment = ledger.readShipment(record);
      if (shipment) court.file(shipment, record, lookedAt());
    },

    lose({ topic, reason }) {
      if (reason !== 'topic_made_anew') return;
      if (topic === topics.customers.topic) history.lose();
      if (topic === topics.orders.topic) shown.forgetMarks();
    },

    async round({ now }) {
      await published.startIfPresent();
      const { waiting } = court;
      // Every change up to this commit was published before the ends that are read now.
      const reached = history.reached;
      const all = await following.catchUp([topics.shipments.topic, topics.customers.topic], patienceMs);
      behind = all ? undefined : 'the topics are still being read';
      if (!all) return;
      court.judgeOldest(waiting);
      court.measureUpTo(reached, now);
      await measureByPostgres(now);
      forgetFormer();
    },

    undecided: () => behind !== undefined,
    get reading() {
      return behind !== undefined;
    },

    standings({ now }) {
      const { delivered, undeliverable, pending, unmeasured, beyond_history } = court.figures();
      const none = (cases: number, what: string) => (cases === 0 ? (behind ?? `there are no ${what}`) : undefined);
      return {
        P3: {
          cases: delivered,
          found: [court.addresses, history.gaps],
          figures: { ...freshness.figures(), pending, unmeasured, beyond_history },
          serviceLevel: freshness.level(now),
          unchecked: none(delivered, 'deliveries'),
        },
        // That no order had to be refused is a good shop, not one that was not checked.
        P4: {
          cases: undeliverable,
          found: [court.deleted],
          figures: { pending },
          unchecked: undeliverable + delivered === 0 ? none(0, 'outcomes') : undefined,
        },
      };
    },
  };
}
