import type { ShopTopics, TopicFollower, TopicRecord } from '@shop/common';
import type { Admin } from 'kafkajs';
import { readCommitted } from '../consumers/group-offsets.ts';
import { mostNamed, type Violation } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import type { OrderTracker } from './order-tracker.ts';
import { createSuspects } from './suspects.ts';

interface OrdersCheckPlan {
  orders: OrderTracker;
  topics: Pick<ShopTopics, 'orders' | 'shipments' | 'ordersWaiting' | 'deadLetters'>;
  admin: Admin;
  follower: Pick<TopicFollower, 'catchUp' | 'ends' | 'starts'>;
  /** Consumer group of shipping-service. Another service in its place has another one. */
  shippingGroup: string;
  /** Whether ksqlDB has a row of this customer. */
  isKnown(customerId: number): boolean;
  /** How long an order may be passed by later orders of a partition, ms of observed time. */
  passedMs: number;
  /** How long a round waits until the topics are read to their end, ms. */
  patienceMs: number;
}

/** P1 and P2: every order has exactly one outcome. */
export function createOrdersCheck(plan: OrdersCheckPlan): PromiseCheck {
  const { orders, topics, admin, follower, shippingGroup, patienceMs } = plan;
  const suspects = createSuspects(plan);
  const outcomes = [topics.shipments, topics.ordersWaiting, topics.deadLetters];
  const outcomeTopics = outcomes.map(({ topic }) => topic);
  const openedAt = Date.now();
  /** Partitions of outcomes of which a message was read. */
  const begun = new Set<string>();
  /** Outcomes before this time were deleted by age, ms since 1970. */
  let keptSince = 0;
  let appliedSince = 0;
  let caughtUp = false;
  let missing: Violation[] = [];

  /** The first message of a partition whose beginning was deleted shows since when outcomes are kept. */
  function noteFirstMessage({ topic, partition, offset, timestamp }: TopicRecord): void {
    const id = `${topic}/${partition}`;
    if (begun.has(id)) return;
    begun.add(id);
    if (offset > 0 && (follower.starts(topic).get(partition) ?? 0) > 0) keptSince = Math.max(keptSince, timestamp);
  }

  /** A partition without messages shows no time. But what was deleted was older than the topic's retention. */
  function noteEmptiedPartitions(): void {
    for (const { topic, config } of outcomes)
      for (const [partition, start] of follower.starts(topic))
        if (start > 0 && !begun.has(`${topic}/${partition}`))
          keptSince = Math.max(keptSince, openedAt - Number(config['retention.ms'] ?? 0));
  }

  async function ignoreBefore(time: number): Promise<void> {
    for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topics.orders.topic, time))
      orders.partitionOf(partition).ignoreBefore(Number(offset));
  }

  return {
    onRecord(record) {
      if (outcomeTopics.includes(record.topic)) noteFirstMessage(record);
      if (record.topic === topics.orders.topic) orders.readOrder(record);
      else if (record.topic === topics.ordersWaiting.topic) orders.readWaiting(record);
      else if (record.topic === topics.deadLetters.topic) orders.readDeadLetter(record);
    },

    onGap({ topic, partition, reason }) {
      if (topic === topics.orders.topic && reason === 'topic_recreated') orders.restartPartition(partition);
    },

    async round({ quiet, observedMs }) {
      const committed = await readCommitted(admin, shippingGroup, topics.orders.topic);
      const ends = await follower.ends(topics.orders.topic);
      // An offset beyond the end belongs to a topic that was deleted and recreated.
      for (const [partition, offset] of committed)
        if (offset <= (ends.get(partition) ?? 0)) orders.partitionOf(partition).noteCommitted(offset);
      const handled = orders.handled(
        await readCommitted(admin, `${shippingGroup}-waiting`, topics.ordersWaiting.topic),
      );
      orders.beginOffsetCheck();
      // The outcome of each handled order is below the end offsets that catchUp reads now.
      const all = await follower.catchUp([topics.orders.topic, ...outcomeTopics], patienceMs);
      if (!all) return;
      orders.completeOffsetCheck();
      noteEmptiedPartitions();
      if (keptSince > appliedSince) await ignoreBefore(keptSince);
      appliedSince = keptSince;
      caughtUp = true;
      missing = quiet ? orders.withoutOutcome() : suspects.confirm(orders.lost(handled), observedMs);
      if (quiet) suspects.clear();
    },

    // In a busy shop, an order in flight is no violation. In a shop at rest, its outcome may be about to arrive.
    undecided: ({ quiet }) =>
      !caughtUp || orders.unconfirmed > 0 || (quiet ? missing.length > 0 : suspects.unconfirmed > 0),

    get reading() {
      return !caughtUp;
    },

    statuses() {
      const { orders: cases, open, waiting, shipments, dead_letters } = orders.figures();
      const unread = caughtUp ? undefined : 'the topics are still being read';
      return {
        P1: {
          cases,
          found: [orders.outcomeFindings, { count: missing.length, first: missing.slice(0, mostNamed) }],
          figures: { open, waiting, shipments, dead_letters },
          unchecked: unread ?? (cases === 0 ? 'there are no orders' : undefined),
        },
        P2: {
          cases: shipments,
          found: [orders.duplicateFindings],
          unchecked: unread ?? (shipments === 0 ? 'there are no shipments' : undefined),
        },
      };
    },
  };
}
