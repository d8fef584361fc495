import kafkajs, { type Message, type RecordMetadata } from 'kafkajs';
import { attempt } from './attempt.ts';
import type { Cluster, EosManager, KafkajsError, Logger, Partitioner, Retrier, SendOptions } from './internals.ts';
import { isRetriable } from './judge-error.ts';
import { type PartitionBatch, splitByPartition } from './partition-batch.ts';
import { stateOf } from './producer-state.ts';

export interface SendParts {
  logger: Logger;
  cluster: Cluster;
  partitioner: Partitioner;
  eosManager: EosManager;
  retrier: Retrier;
}

export interface SendRequest extends SendOptions {
  topicMessages: { topic: string; messages: Message[] }[];
}

/**
 * Takes the place of kafkajs's `src/producer/sendMessages.js`, with the same signature. kafkajs remembers which brokers
 * have answered; when leaders move in between, it takes the answer for one partition as that for another, and loses or
 * doubles messages. Here the result is known per partition:
 *
 * - A message keeps its partition, and a batch keeps its sequence number, through all attempts. So the broker recognizes
 *   a batch that it has, also under a new leader.
 * - Only batches without a positive answer are sent again. Sends of one producer follow each other, so that at most one
 *   batch of a partition is in flight.
 * - A send fails only when all of its requests have ended. If a batch may have been written, the producer refuses every
 *   further send, because the next sequence number is unknown; a transaction with a failed send cannot be committed.
 */
export function createSendMessages(parts: SendParts): (request: SendRequest) => Promise<RecordMetadata[]> {
  const state = stateOf(parts.eosManager);
  return (request) => state.run(() => send(request, parts));
}

async function send({ topicMessages, ...options }: SendRequest, parts: SendParts): Promise<RecordMetadata[]> {
  const { cluster, eosManager, retrier, logger } = parts;
  const state = stateOf(eosManager);
  let batches: PartitionBatch[] | undefined;
  const unanswered = () => (batches ?? []).filter(({ answer }) => answer === undefined);

  async function tryOnce(): Promise<KafkajsError[]> {
    await cluster.addMultipleTargetTopics(topicMessages.map(({ topic }) => topic));
    await cluster.refreshMetadataIfNecessary();
    batches ??= createBatches(topicMessages, parts);
    const tried = unanswered();
    const failures = await attempt(tried, options, parts);
    for (const batch of tried) if (batch.answer !== undefined) state.noteWritten(batch);
    return failures;
  }

  try {
    await retrier(async (bail, retryCount, retryTime) => {
      const failures = await tryOnce().catch((error: KafkajsError) => [error]);
      const final = failures.find((error) => !isRetriable(error));
      const error = final ?? failures[0];
      if (!error) return;
      logger.error(`Failed to send messages: ${error.message}`, { retryCount, retryTime });
      if (final) return bail(final);
      await prepareRetry(failures, cluster);
      throw asRetriable(error);
    });
  } catch (error) {
    state.noteFailure(error as Error, unanswered());
    throw error;
  }
  return (batches ?? []).flatMap(({ topic, answer }) =>
    answer && answer !== 'none' ? [{ topicName: topic, ...answer }] : [],
  );
}

function createBatches(
  topicMessages: SendRequest['topicMessages'],
  { cluster, partitioner, eosManager }: SendParts,
): PartitionBatch[] {
  return topicMessages.flatMap(({ topic, messages }) => {
    const metadata = cluster.findTopicPartitionMetadata(topic);
    if (metadata.length === 0) throw new kafkajs.KafkaJSError(`no metadata of topic ${topic}`);
    return [...splitByPartition(topic, messages, metadata, partitioner)].map(([partition, itsMessages]) => ({
      topic,
      partition,
      messages: itsMessages,
      firstSequence: stateOf(eosManager).sequenceOf(topic, partition),
      mayBeWritten: false,
    }));
  });
}

/** Closed connections are forgotten, and leaders are asked for again. @throws when no broker answers */
async function prepareRetry(failures: readonly KafkajsError[], cluster: Cluster): Promise<void> {
  for (const { name, host, port } of failures)
    if (name === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined)
      cluster.removeBroker({ host, port });
  try {
    if (!cluster.isConnected()) await cluster.connect();
    await cluster.refreshMetadata();
  } catch (error) {
    throw asRetriable(error as KafkajsError);
  }
}

/** kafkajs's retrier decides by `retriable`, which is false for some errors although waiting helps. */
function asRetriable(error: KafkajsError): KafkajsError {
  if (error.retriable !== false || !isRetriable(error)) return error;
  return Object.assign(new kafkajs.KafkaJSError(error.message), { cause: error });
}
