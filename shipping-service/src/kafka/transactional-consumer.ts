import { runConsumer, type ServiceContext, ShopError, toError } from '@shop/common';
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import { assignPartitions } from './assign-partitions.ts';
import { type CreatePartitionHandler, type PartitionHandler, retryBatch } from './batch.ts';
import { keepHeartbeat } from './keep-heartbeat.ts';
import { openPartitionSession, type PartitionSession, type SessionPlan } from './partition-session.ts';
import { createGroupWatch } from './watch-group.ts';

/** An input partition that is assigned to this instance. */
interface Assignment {
  session: Promise<PartitionSession>;
  handler: PartitionHandler;
  /** The offset after the last handled message. */
  next: bigint;
}

/**
 * Reads a topic as a member of a group and handles each message exactly once: one producer per input partition commits the
 * result of a batch and the offset after it in one transaction. Only a new assignment opens a session, so a fenced instance
 * never fences its successor. Any error but a rebalance replaces the whole consumer.
 *
 * @returns a function that stops it
 */
export async function runTransactionalConsumer(
  plan: SessionPlan,
  createHandler: CreatePartitionHandler,
  context: ServiceContext,
): Promise<() => Promise<void>> {
  const { kafka, topic, groupId } = plan;
  const assignments = new Map<number, Assignment>();
  const watchGroup = createGroupWatch(plan, context);

  async function dropAssignments(): Promise<void> {
    const dropped = [...assignments.values()];
    assignments.clear();
    // A session that failed to open has closed itself.
    await Promise.allSettled(dropped.map(async ({ session }) => (await session).close()));
  }

  async function start(consumer: Consumer): Promise<void> {
    await dropAssignments();
    // A new generation of the group is a new assignment, also of partitions that this instance had before.
    consumer.on(consumer.events.GROUP_JOIN, () => void dropAssignments());
    watchGroup(consumer);
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 6,
      eachBatch: (payload) => handleBatch(consumer, payload),
    });
  }

  async function handleBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { partition } = payload.batch;
    const known = assignments.get(partition);
    const assignment = known ?? takeOver(partition);
    const isOurs = () => assignments.get(partition) === assignment;
    try {
      const session = await keepHeartbeat(payload, () => assignment.session, context.signal);
      // kafkajs fetched the first batch from an offset that it read before the session fenced the former owner, who may have
      // committed more since. So that batch is discarded, and fetching restarts at the session's offset.
      if (!known) {
        assignment.next = session.readFrom;
        consumer.seek({ topic, partition, offset: String(session.readFrom) });
      }
      if (known && isOurs()) await handleAssigned(assignment, session, payload, isOurs);
    } catch (error) {
      // An error of a former assignment is harmless: the next owner starts from the committed offset.
      if (isOurs()) throw endOf(error);
      context.logger.debug({ err: error, topic, partition }, 'a batch of a former assignment failed');
    }
  }

  function takeOver(partition: number): Assignment {
    const session = openPartitionSession(plan, partition);
    const assignment = { session, handler: createHandler(partition), next: 0n };
    assignments.set(partition, assignment);
    return assignment;
  }

  async function handleAssigned(
    assignment: Assignment,
    session: PartitionSession,
    payload: EachBatchPayload,
    isOurs: () => boolean,
  ): Promise<void> {
    const { handler } = assignment;
    const { partition, messages, highWatermark } = payload.batch;
    if (BigInt(messages[0]?.offset ?? assignment.next) < assignment.next)
      throw new ShopError(
        'topic_recreated',
        `${topic}, partition ${partition}: was recreated and starts before offset ${assignment.next}`,
      );
    // The position was out of range. The next session counts and reports the lost messages.
    if (fetchedOffsetOf(payload.batch) > assignment.next)
      throw new ShopError(
        'messages_deleted',
        `${topic}, partition ${partition}: ${assignment.next} was deleted unread`,
      );
    const firstNew = messages.findIndex(({ offset }) => BigInt(offset) >= session.committed);
    const handled = firstNew < 0 ? messages : messages.slice(0, firstNew);
    if (handled.length > 0) handler.remember?.(handled);
    if (firstNew >= 0) {
      const nextOffset = BigInt(payload.batch.lastOffset()) + 1n;
      const batch = { partition, messages: messages.slice(firstNew), moreBehind: BigInt(highWatermark) > nextOffset };
      const result = await keepHeartbeat(payload, (signal) => handler.handle({ ...batch, signal }), context.signal);
      if (result === retryBatch) return;
      await session.commit(result, String(nextOffset));
      result.committed?.();
    }
    assignment.next = BigInt(payload.batch.lastOffset()) + 1n;
    if (isOurs()) payload.resolveOffset(payload.batch.lastOffset());
  }

  const config = { groupId, sessionTimeout: 10_000, maxWaitTimeInMs: 500, partitionAssigners: [assignPartitions] };
  const running = await runConsumer({ kafka, config, start }, context);
  return async () => {
    await running.stop();
    await dropAssignments();
  };
}

/** The offset of this fetch, which kafkajs's types lack. */
const fetchedOffsetOf = (batch: Batch) => BigInt((batch as Batch & { fetchedOffset: string }).fetchedOffset);

/** Errors after which kafkajs rejoins the group by itself, which results in new assignments. */
const rejoining = ['REBALANCE_IN_PROGRESS', 'NOT_COORDINATOR_FOR_GROUP', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'];

/**
 * After any error but a rebalance, kafkajs would pass the same batch to the same session again. An error that is not
 * retriable makes it stop the consumer instead.
 */
function endOf(error: unknown): Error {
  const cause = toError(error);
  if ('type' in cause && rejoining.includes(String(cause.type))) return cause;
  return Object.assign(new Error(cause.message, { cause }), { retriable: false });
}
