import {
  createIdSet,
  describeError,
  type FollowPlan,
  followTopics,
  runWithPauses,
  type ServiceContext,
  type TopicFollower,
} from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';
import type { ChangeProgress } from '../customers/change-progress.ts';
import { readCustomersTableRow } from './customers-table-row.ts';
import type { KsqldbRows } from './ksqldb-rows.ts';

interface CustomersTablePlan {
  kafka: Kafka;
  admin: Admin;
  /** The topic of ksqlDB's table CUSTOMERS. */
  topic: string;
  ordersTopic: string;
  fetch: NonNullable<FollowPlan['fetch']>;
  /** Follows the topic of orders. */
  follower: Pick<TopicFollower, 'ends'>;
  ksqldbRows: KsqldbRows;
  changeProgress: ChangeProgress;
  /** Observed time, ms. */
  observedMs(): number;
}

interface CustomersTableFollower {
  /** Reads the topic as soon as it exists. Waits for Kafka. */
  start(): Promise<void>;
  /** Number of records read so far. */
  readonly records: number;
  /** Customers with a row in the topic. */
  ids(): Iterable<number>;
  /** Whether this customer has a row in the topic, also a deleted one. */
  hasRow(customerId: number): boolean;
}

/** Time between two checkpoints, ms. Orders placed in between are checked by the earlier checkpoint. */
const checkpointEveryMs = 1_000;

/** Reads the rows of customers that ksqlDB publishes, and takes checkpoints in the topic of orders. Ends with the context. */
export function followCustomersTable(plan: CustomersTablePlan, context: ServiceContext): CustomersTableFollower {
  const { topic, ordersTopic, follower, ksqldbRows, changeProgress, observedMs } = plan;
  const ids = createIdSet();
  let records = 0;
  const table = followTopics(
    {
      kafka: plan.kafka,
      admin: plan.admin,
      topics: [topic],
      onRecord(record) {
        records += 1;
        const read = readCustomersTableRow(record);
        if (!read) return;
        ids.add(read.id);
        ksqldbRows.addPublished(read.id, read.row, observedMs());
        changeProgress.addRow(record.partition, read.changedAt);
      },
      // ksqlDB fills a recreated topic again, and the rows that were read stay true.
      onGap: (gap) => context.logger.warn(gap, 'rows of CUSTOMERS were deleted before they were read'),
      fetch: plan.fetch,
    },
    context,
  );
  context.onClose(() => table.stop());

  let readAtCheckpoint = 0;
  async function takeCheckpoint(): Promise<void> {
    const { read } = ksqldbRows;
    if (read === readAtCheckpoint) return;
    try {
      ksqldbRows.addCheckpoint(read, await follower.ends(ordersTopic));
      readAtCheckpoint = read;
    } catch (error) {
      // Kafka is unavailable, or the topic is being recreated. The next checkpoint is later and proves less.
      context.report.noteError(error);
      context.logger.debug({ topic, reason: describeError(error) }, 'no checkpoint in the topic of orders');
    }
  }
  runWithPauses(checkpointEveryMs, takeCheckpoint, context, checkpointEveryMs);
  return {
    start: table.start,
    ids: ids.ascending,
    hasRow: ids.has,
    get records() {
      return records;
    },
  };
}
