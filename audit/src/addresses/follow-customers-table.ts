import { describeError, pause, type ServiceContext } from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';
import type { ChangeProgress } from '../customers/change-progress.ts';
import type { TopicFollower } from '../kafka/follow-topics.ts';
import { followWhenPresent, type LateFollower } from '../kafka/follow-when-present.ts';
import { readCustomersTableRow } from './customers-table-row.ts';
import type { KsqldbRows } from './ksqldb-rows.ts';

interface CustomersTablePlan {
  kafka: Kafka;
  admin: Admin;
  /** The topic of ksqlDB's table CUSTOMERS. */
  topic: string;
  ordersTopic: string;
  /** Follows the topic of orders. */
  follower: Pick<TopicFollower, 'ends'>;
  ksqldbRows: KsqldbRows;
  changeProgress: ChangeProgress;
  /** Observed time, ms. */
  observedMs(): number;
}

interface CustomersTableFollower extends LateFollower {
  /** Customers with a row in the topic. */
  ids(): Iterable<number>;
}

/** Time between two checkpoints, ms. Orders placed in between are checked by the earlier checkpoint. */
const checkpointEveryMs = 1_000;

/** Reads the rows of customers that ksqlDB publishes, and takes checkpoints in the topic of orders. Ends with the context. */
export function followCustomersTable(plan: CustomersTablePlan, context: ServiceContext): CustomersTableFollower {
  const { topic, ordersTopic, follower, ksqldbRows, changeProgress, observedMs } = plan;
  const ids = new Set<number>();
  const table = followWhenPresent(
    {
      ...plan,
      onRecord(record) {
        const read = readCustomersTableRow(record);
        if (!read) return;
        ids.add(read.id);
        ksqldbRows.addPublished(read.id, read.row, observedMs());
        changeProgress.addRow(record.partition, read.changedAt);
      },
      // ksqlDB fills a recreated topic again, and the rows that were read stay true.
      onLost: (lost) => context.logger.warn(lost, 'rows of CUSTOMERS were deleted before they were read'),
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
  async function keepTakingCheckpoints(): Promise<void> {
    while (await pause(checkpointEveryMs, context.signal)) await takeCheckpoint();
  }
  const checkpoints = keepTakingCheckpoints();
  context.onClose(() => checkpoints);
  return {
    startIfPresent: table.startIfPresent,
    stop: table.stop,
    ids: () => ids,
    get records() {
      return table.records;
    },
  };
}
