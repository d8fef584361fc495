import type { ShopTopics } from '@shop/common';
import type { Admin } from 'kafkajs';
import { readCommitted } from '../consumers/group-offsets.ts';
import { mostNamed, type Violation } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import type { Following } from '../kafka/follow-topics.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import type { OrderLedger } from './order-tracker.ts';

export interface OrdersPlan {
  ledger: OrderLedger;
  topics: Pick<ShopTopics, 'orders' | 'shipments' | 'ordersWaiting' | 'deadLetters'>;
  admin: Admin;
  following: Following;
  shippingGroup: string;
  /** How long a round waits for the topics to be read to their end, ms. */
  patienceMs: number;
}

/** P1 and P2: every order has one outcome, and only one. */
export function createOrdersCheck(plan: OrdersPlan): PromiseCheck {
  const { ledger, topics, admin, following, shippingGroup, patienceMs } = plan;
  const outcomes = [topics.shipments, topics.ordersWaiting, topics.deadLetters];
  const outcomeTopics = outcomes.map(({ topic }) => topic);
  const openedAt = Date.now();
  const begun = new Set<string>();
  /** Outcomes before this time were deleted by age, ms since 1970. */
  let keptSince = 0;
  let appliedSince = 0;
  let caughtUp = false;
  let missing: Violation[] = [];
  /**
   * Orders that looked lost in the last look. A broker that was frozen answers by its former state for a moment, and then a topic
   * seems read to its end when it is not; so an order is lost when two looks agree.
   */
  let suspects = new Set<string>();

  function confirm(lost: readonly Violation[]): Violation[] {
    const before = suspects;
    suspects = new Set(lost.map(nameOf));
    return lost.filter((each) => before.has(nameOf(each)));
  }

  /** The first message of a partition whose beginning was deleted tells since when outcomes are kept. */
  function noteBeginning({ topic, partition, offset, timestamp }: TopicRecord): void {
    const id = `${topic}/${partition}`;
    if (begun.has(id)) return;
    begun.add(id);
    if (offset > 0 && (following.starts(topic).get(partition) ?? 0) > 0) keptSince = Math.max(keptSince, timestamp);
  }

  /** A partition of which nothing is left tells no time; but what was deleted was older than its topic keeps messages. */
  function noteEmptied(): void {
    for (const { topic, config } of outcomes)
      for (const [partition, start] of following.starts(topic))
        if (start > 0 && !begun.has(`${topic}/${partition}`))
          keptSince = Math.max(keptSince, openedAt - Number(config['retention.ms'] ?? 0));
  }

  async function ignoreBefore(time: number): Promise<void> {
    for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topics.orders.topic, time))
      ledger.partitionOf(partition).ignoreBefore(Number(offset));
  }

  return {
    take(record) {
      if (outcomeTopics.includes(record.topic)) noteBeginning(record);
      if (record.topic === topics.orders.topic) ledger.readOrder(record);
      else if (record.topic === topics.ordersWaiting.topic) ledger.readWaiting(record);
      else if (record.topic === topics.deadLetters.topic) ledger.readDeadLetter(record);
    },

    lose({ topic, partition, reason }) {
      if (topic === topics.orders.topic && reason === 'topic_made_anew') ledger.reopen(partition);
    },

    async round({ quiet }) {
      const committed = await readCommitted(admin, shippingGroup, topics.orders.topic);
      const ends = await following.ends(topics.orders.topic);
      // An offset beyond the end belongs to a topic that was deleted and recreated.
      for (const [partition, offset] of committed)
        if (offset <= (ends.get(partition) ?? 0)) ledger.partitionOf(partition).pass(offset);
      const handled = ledger.handled(
        await readCommitted(admin, `${shippingGroup}-waiting`, topics.ordersWaiting.topic),
      );
      ledger.beginLook();
      // Each handled order has its outcome below the ends that are read now, so no order is seen without its outcome.
      const all = await following.catchUp([topics.orders.topic, ...outcomeTopics], patienceMs);
      if (!all) return;
      ledger.endLook();
      noteEmptied();
      if (keptSince > appliedSince) await ignoreBefore(keptSince);
      appliedSince = keptSince;
      caughtUp = true;
      missing = quiet ? ledger.unsettled() : confirm(ledger.lost(handled));
      if (quiet) suspects.clear();
    },

    // Without rest, an order in flight is right; at rest it may be on its last steps.
    undecided: ({ quiet }) =>
      !caughtUp || ledger.doubtful > 0 || (quiet ? missing.length > 0 : suspects.size > missing.length),

    get reading() {
      return !caughtUp;
    },

    standings() {
      const { orders, open, waiting, shipments, dead_letters } = ledger.figures();
      const unread = caughtUp ? undefined : 'the topics are still being read';
      return {
        P1: {
          cases: orders,
          found: [ledger.placed, { count: missing.length, first: missing.slice(0, mostNamed) }],
          figures: { open, waiting, shipments, dead_letters },
          unchecked: unread ?? (orders === 0 ? 'there are no orders' : undefined),
        },
        P2: {
          cases: shipments,
          found: [ledger.twice],
          unchecked: unread ?? (shipments === 0 ? 'there are no shipments' : undefined),
        },
      };
    },
  };
}

const nameOf = ({ partition, offset }: Violation): string => `${partition}/${offset}`;
