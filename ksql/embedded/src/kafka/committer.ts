import { causesOf, hasKafkaType, ShopError, waitUntilDone } from '@shop/common';
import { type Offsets, Partitioners, type Producer, type TopicMessages, type Transaction } from 'kafkajs';
import type { KafkaSession } from './session.ts';

/** Time after which Kafka aborts the transaction of a silent producer, ms. */
const transactionTimeoutMs = 60_000;

/** The transaction may or may not have been committed. */
export class CommitUnclear extends Error {
  override readonly name = 'CommitUnclear';
}

type GroupOffsets = Offsets & { consumerGroupId: string };

/** Writes transactions, one at a time, under this server's transactional id. */
export interface Committer {
  /**
   * Writes all messages and group offsets, or none.
   *
   * @throws CommitUnclear: call `reopen`, then read from Kafka whether the commit succeeded
   */
  commit(topicMessages: TopicMessages[], groups?: readonly GroupOffsets[]): Promise<void>;
  /** Opens a new producer: Kafka completes or aborts the open transaction and fences the old producer. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function openCommitter(session: KafkaSession): Promise<Committer> {
  const { kafka, names, context } = session;
  let producer: Producer | undefined;

  async function open(): Promise<void> {
    const fresh = kafka.producer({
      transactionalId: names.transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      transactionTimeout: transactionTimeoutMs,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 6 },
    });
    try {
      await fresh.connect();
    } catch (error) {
      await fresh.disconnect();
      throw error;
    }
    producer = fresh;
  }

  async function reopen(): Promise<void> {
    const old = producer;
    producer = undefined;
    await old?.disconnect();
    await waitUntilDone('Kafka', open, context);
  }

  async function transact(write: (transaction: Transaction) => Promise<unknown>): Promise<void> {
    if (producer === undefined) throw new CommitUnclear('there is no producer');
    const began = Date.now();
    try {
      const transaction = await producer.transaction();
      await write(transaction);
      await transaction.commit();
    } catch (error) {
      // Fenced before the transaction time-out: another server uses the same id.
      const fenced = hasKafkaType(error, 'INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING');
      if (fenced && Date.now() - began < transactionTimeoutMs) {
        throw new ShopError(
          'ksqldb_twin',
          `another embedded ksqlDB took over the service id ${names.serviceId}; give this one another --service-id`,
          { cause: error },
        );
      }
      throw new CommitUnclear(causesOf(error).at(-1)?.message ?? String(error), { cause: error });
    }
  }

  await reopen();
  return {
    reopen,
    async commit(topicMessages, groups = []) {
      const filled = topicMessages.filter(({ messages }) => messages.length > 0);
      if (filled.length === 0) return;
      await transact(async (transaction) => {
        // Send messages first: only then does kafkajs wait for the end of the previous transaction.
        await transaction.sendBatch({ topicMessages: filled });
        for (const group of groups) await transaction.sendOffsets(group);
      });
    },
    async close() {
      await producer?.disconnect();
      producer = undefined;
    },
  };
}
