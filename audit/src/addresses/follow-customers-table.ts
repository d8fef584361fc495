import { describeError, pause, type ServiceContext } from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';
import type { ShownChanges } from '../customers/change-progress.ts';
import type { Following } from '../kafka/follow-topics.ts';
import { followWhenPresent, type LateFollowing } from '../kafka/follow-when-present.ts';
import { readPublishedRow } from './customers-table-row.ts';
import type { ShownRows } from './ksqldb-rows.ts';

export interface PublishedPlan {
  kafka: Kafka;
  admin: Admin;
  /** Of ksqlDB's table CUSTOMERS. */
  topic: string;
  ordersTopic: string;
  /** Of the topic of orders. */
  following: Pick<Following, 'ends'>;
  shown: ShownRows;
  changes: ShownChanges;
  /** By the clock of looks. */
  lookedAt(): number;
}

export interface PublishedFollowing extends LateFollowing {
  /** Customers of whom a row was published. */
  ids(): Iterable<number>;
}

/** Between two marks, ms: orders placed in between are judged by the mark before. */
const markEveryMs = 1_000;

/** Reads what ksqlDB publishes of customers, and marks which orders were placed after it. Ends with the context. */
export function followPublished(plan: PublishedPlan, context: ServiceContext): PublishedFollowing {
  const { topic, ordersTopic, following, shown, changes, lookedAt } = plan;
  const ids = new Set<number>();
  const published = followWhenPresent(
    {
      ...plan,
      onRecord(record) {
        const row = readPublishedRow(record);
        if (!row) return;
        ids.add(row.id);
        shown.publish(row.id, row.print, lookedAt());
        changes.show(record.partition, row.changedAt);
      },
      // ksqlDB fills a recreated topic again; the rows that were read stay true.
      onLost: (lost) => context.logger.warn(lost, 'rows of CUSTOMERS were deleted before they were read'),
    },
    context,
  );
  context.onClose(() => published.stop());

  let marked = 0;
  async function mark(): Promise<void> {
    const { read } = shown;
    if (read === marked) return;
    try {
      shown.mark(read, await following.ends(ordersTopic));
      marked = read;
    } catch (error) {
      // Kafka is unavailable, or the topic is being recreated: the next mark is later, and claims less.
      context.report.noteError(error);
      context.logger.debug({ topic, reason: describeError(error) }, 'no mark in the topic of orders');
    }
  }
  async function keepMarking(): Promise<void> {
    while (await pause(markEveryMs, context.signal)) await mark();
  }
  const marking = keepMarking();
  context.onClose(() => marking);
  return {
    startIfPresent: published.startIfPresent,
    stop: published.stop,
    ids: () => ids,
    get records() {
      return published.records;
    },
  };
}
