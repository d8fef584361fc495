import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import type { Broker, Cluster, EosManager, KafkajsError, SendOptions, TopicAnswers } from './internals.ts';
import { mayBeWritten } from './judge-error.ts';
import { groupByTopic, type PartitionBatch } from './partition-batch.ts';

const { createErrorFromCode }: { createErrorFromCode(code: number): KafkajsError } = createRequire(import.meta.url)(
  'kafkajs/src/protocol/error',
);

const success = 0;
/** The broker has the batch already, and has forgotten at which offset. */
const duplicateSequenceNumber = 46;

/**
 * Sends each batch to the broker that leads its partition now, and waits until every request has ended. Batches that
 * arrived get their `answer`.
 *
 * @returns why the others have none
 * @throws before anything is sent, when the partitions cannot be added to the transaction
 */
export async function attempt(
  batches: readonly PartitionBatch[],
  options: SendOptions,
  { cluster, eosManager }: { cluster: Cluster; eosManager: EosManager },
): Promise<KafkajsError[]> {
  if (eosManager.isTransactional()) await eosManager.addPartitionsToTransaction(groupByTopic(batches));
  const { byLeader, orphans } = findLeaders(batches, cluster);
  const failures = await Promise.all(
    [...byLeader].map(async ([nodeId, itsBatches]) => {
      try {
        return await sendTo(await cluster.findBroker({ nodeId }), itsBatches, options, eosManager);
      } catch (error) {
        // No connection: nothing was sent.
        return [error as KafkajsError];
      }
    }),
  );
  return [...orphans, ...failures.flat()];
}

function findLeaders(batches: readonly PartitionBatch[], cluster: Cluster) {
  const byLeader = new Map<string, PartitionBatch[]>();
  const orphans: KafkajsError[] = [];
  for (const batch of batches) {
    const [leader] = Object.keys(cluster.findLeaderForPartitions(batch.topic, [batch.partition]));
    if (leader !== undefined) byLeader.set(leader, [...(byLeader.get(leader) ?? []), batch]);
    else orphans.push(new kafkajs.KafkaJSError(`${batch.topic} has no partition ${batch.partition}`));
  }
  return { byLeader, orphans };
}

async function sendTo(
  broker: Broker,
  batches: readonly PartitionBatch[],
  options: SendOptions,
  eosManager: EosManager,
): Promise<KafkajsError[]> {
  try {
    const response = await broker.produce({
      ...options,
      transactionalId: eosManager.isTransactional() ? eosManager.getTransactionalId() : undefined,
      producerId: eosManager.getProducerId(),
      producerEpoch: eosManager.getProducerEpoch(),
      topicData: groupByTopic(batches),
    });
    return settle(batches, response?.topics);
  } catch (thrown) {
    const error = thrown as KafkajsError;
    if (error.partitionAnswers) return settle(batches, error.partitionAnswers);
    for (const batch of batches) batch.mayBeWritten ||= mayBeWritten(error);
    return [error];
  }
}

/** Gives every batch the answer for its partition. @returns the errors among them */
function settle(batches: readonly PartitionBatch[], topics: TopicAnswers[] | undefined): KafkajsError[] {
  const failures: KafkajsError[] = [];
  for (const batch of batches) {
    const answer = topics
      ?.find(({ topicName }) => topicName === batch.topic)
      ?.partitions.find(({ partition }) => partition === batch.partition);
    if (!topics) batch.answer = 'none';
    else if (answer && (answer.errorCode === success || answer.errorCode === duplicateSequenceNumber))
      batch.answer = answer;
    else {
      const error = answer
        ? Object.assign(createErrorFromCode(answer.errorCode), { topic: batch.topic, partition: batch.partition })
        : new kafkajs.KafkaJSError(`the broker did not answer for ${batch.topic}, partition ${batch.partition}`);
      batch.mayBeWritten ||= mayBeWritten(error);
      failures.push(error);
    }
  }
  return failures;
}
