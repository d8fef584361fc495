import type { ShopTopics } from '@shop/common';
import type { CustomerHistory } from '../customers/customer-history.ts';
import type { ReadRows } from '../customers/postgres-customers.ts';
import type { ShipmentCourt } from '../customers/shipment-court.ts';
import type { Following } from '../kafka/follow-topics.ts';
import type { OrderLedger } from '../orders/order-ledger.ts';
import type { PromiseCheck } from './promise-check.ts';
import type { Reach } from './reach.ts';

export interface AddressesPlan {
  ledger: OrderLedger;
  history: CustomerHistory;
  court: ShipmentCourt;
  topics: Pick<ShopTopics, 'customers' | 'shipments'>;
  following: Following;
  readRows: ReadRows;
  reachPostgres: Reach;
  boundMs: () => number;
  patienceMs: number;
}

/** Customers that Postgres is asked for in a round. */
const askedAtOnce = 2_000;
/** A shipment that could not be judged for so long is more than one in flight, ms. */
const longestWaitMs = 60_000;
/** A shipment read from now on was looked up no longer ago than this; what was over before can be forgotten, ms. */
const longestInFlightMs = 300_000;

/** P3 and P4: where the parcels went, against the history of the customers. */
export function createAddressesCheck(plan: AddressesPlan): PromiseCheck {
  const { ledger, history, court, topics, following, readRows, reachPostgres, boundMs, patienceMs } = plan;
  const openedAt = Date.now();
  let unvouched: string | undefined;

  /** With no later change to show that nothing is on its way, Postgres itself shows it: it has the customer as the topic has. */
  async function askPostgres(): Promise<void> {
    const ids = court.pendingCustomers(askedAtOnce);
    unvouched = undefined;
    if (ids.length === 0) return;
    const asked = await reachPostgres(() => readRows(ids));
    if ('reason' in asked) {
      unvouched = asked.reason;
      return;
    }
    const { prints, at } = asked.value;
    const same = ids.filter((id) => (history.of(id).at(-1)?.print ?? undefined) === prints.get(id));
    court.judgeCustomers(new Set(same), at);
  }

  return {
    take(record) {
      if (record.topic === topics.customers.topic) history.read(record);
      if (record.topic !== topics.shipments.topic) return;
      const shipment = ledger.readShipment(record);
      if (shipment) court.file(shipment, record);
    },

    async round({ now }) {
      // Every change up to this commit was published before the ends that are read now.
      const reached = history.reached;
      if (await following.catchUp([topics.customers.topic], patienceMs)) {
        court.judgeUpTo(reached);
        await askPostgres();
      }
      if (await following.catchUp([topics.shipments.topic], patienceMs))
        history.forgetBefore(Math.min(court.earliestPending(), now - longestInFlightMs) - boundMs());
    },

    undecided: () => unvouched === undefined && court.earliestPending() < openedAt,

    standings({ now }) {
      const { delivered, undeliverable, pending, beyond_history, judged_early, ...freshness } = court.figures();
      const open = pending > 0 ? `${pending} shipments are not judged yet` : undefined;
      const reason = unvouched === undefined ? open : `${open}; ${unvouched}`;
      const overdue = court.earliestPending() < now - longestWaitMs ? reason : undefined;
      const none = (cases: number, what: string) => (cases === 0 ? (reason ?? `there are no ${what}`) : undefined);
      return {
        P3: {
          cases: delivered,
          found: [court.fresh, history.gaps],
          figures: { ...freshness, pending, beyond_history, judged_early },
          unchecked: overdue ?? none(delivered, 'deliveries'),
        },
        // That no order had to be refused is a good shop, not one that was not checked.
        P4: {
          cases: undeliverable,
          found: [court.deleted],
          figures: { pending },
          unchecked: overdue ?? (undeliverable + delivered === 0 ? none(0, 'outcomes') : undefined),
        },
      };
    },
  };
}
