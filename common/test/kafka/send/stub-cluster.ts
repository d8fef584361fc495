import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { createCoordinator } from './stub-coordinator.ts';
import { createLog, type StubLog } from './stub-log.ts';

const errors = createRequire(import.meta.url)('kafkajs/src/errors');
const { createErrorFromCode } = createRequire(import.meta.url)('kafkajs/src/protocol/error');

/** What happens to one request. Requests take fates in the order in which they are made; later ones are answered. */
export interface Fate {
  /**
   * `lost`: the connection closes before the broker sees the request. `unanswered`: it closes after the broker has carried
   * it out. `late`: the client gives up waiting, and the broker carries it out afterwards. `unreplicated`: the broker
   * writes it, and answers that too few replicas have it.
   */
  kind: 'answered' | 'lost' | 'unanswered' | 'late' | 'unreplicated';
  /** How long the request and its answer take, ms. */
  delayMs: number;
  /** A partition that moves to another broker while the request is under way. */
  move?: { partition: number; to: number };
}

export const topic = 'orders';
export const partitions = 3;
const brokerIds = [1, 2, 3];
const notLeader = 6;
const notEnoughReplicasAfterAppend = 20;

interface PartitionData {
  partition: number;
  firstSequence: number;
  messages: { value: string }[];
}

/**
 * Three brokers and three partitions of one topic, as the producer of kafkajs sees them. Leaders know at once what was
 * written before they took over, and recognize sequence numbers, as Kafka's do with clean elections.
 */
export function createStubCluster(fates: readonly Fate[]) {
  const logs: StubLog[] = Array.from({ length: partitions }, createLog);
  const leaders = logs.map((_, partition) => 1 + (partition % brokerIds.length));
  let known = [...leaders];
  let taken = 0;
  let pending = 0;
  const coordinator = createCoordinator(logs);

  function nextFate(): Fate {
    const fate = fates[taken] ?? { kind: 'answered', delayMs: 0 };
    taken += 1;
    return fate;
  }

  /** Carries out a request as its fate has it. */
  async function carryOut<T>(nodeId: number, work: (fate: Fate) => T): Promise<T> {
    const fate = nextFate();
    const closed = () => new errors.KafkaJSConnectionClosedError('closed', { host: 'broker', port: nodeId });
    await delay(fate.delayMs);
    if (fate.kind === 'lost') throw closed();
    if (fate.kind === 'late') {
      pending += 1;
      void delay(2 * fate.delayMs + 1).then(() => {
        pending -= 1;
        try {
          work(fate);
        } catch {
          // No code waits for this answer.
        }
      });
      throw new errors.KafkaJSRequestTimeoutError('timed out');
    }
    const answer = work(fate);
    if (fate.move) leaders[fate.move.partition] = fate.move.to;
    await delay(fate.delayMs);
    if (fate.kind === 'unanswered') throw closed();
    return answer;
  }

  function write(
    nodeId: number,
    { partition, firstSequence, messages }: PartitionData,
    producer: { producerId: number; producerEpoch: number; transactionalId?: string },
    { kind }: Fate,
  ): number {
    if (leaders[partition] !== nodeId) return notLeader;
    if (producer.transactionalId !== undefined) {
      const refused = coordinator.verify(partition, producer.producerId, producer.producerEpoch);
      if (refused) return refused;
    }
    const code = logs[partition]?.append(
      { id: producer.producerId, epoch: producer.producerEpoch },
      firstSequence,
      messages.map(({ value }) => value),
      producer.transactionalId !== undefined,
    );
    return code === 0 && kind === 'unreplicated' ? notEnoughReplicasAfterAppend : (code ?? notLeader);
  }

  const brokers = new Map(
    brokerIds.map((nodeId) => [
      nodeId,
      {
        nodeId,
        ...coordinator.createRequests((work) => carryOut(nodeId, work)),
        async produce({
          topicData,
          ...producer
        }: {
          topicData: { partitions: PartitionData[] }[];
          producerId: number;
          producerEpoch: number;
          transactionalId?: string;
        }) {
          const answers = await carryOut(nodeId, (fate) =>
            topicData
              .flatMap((data) => data.partitions)
              .map((data) => ({ partition: data.partition, errorCode: write(nodeId, data, producer, fate) })),
          );
          const topics = [{ topicName: topic, partitions: answers }];
          const failed = answers.find(({ errorCode }) => errorCode !== 0);
          if (failed) throw Object.assign(createErrorFromCode(failed.errorCode), { partitionAnswers: topics });
          return { topics };
        },
      },
    ]),
  );

  const metadata = () =>
    known.map((leader, partitionId) => ({ partitionId, leader, partitionErrorCode: 0, replicas: [], isr: [] }));

  return {
    logs,
    /** Resolves when no request is under way any more. */
    async settle(): Promise<void> {
      while (pending > 0) await delay(1);
    },
    cluster: {
      isConnected: () => true,
      connect: async () => {},
      disconnect: async () => {},
      removeBroker: () => {},
      addMultipleTargetTopics: async () => {},
      refreshMetadataIfNecessary: async () => {},
      refreshMetadata: async () => {
        known = [...leaders];
      },
      findTopicPartitionMetadata: metadata,
      findLeaderForPartitions(_: string, ids: (number | string)[]) {
        const byLeader: Record<string, number[]> = {};
        for (const { partitionId, leader } of metadata())
          if (ids.map(Number).includes(partitionId)) byLeader[leader] = [...(byLeader[leader] ?? []), partitionId];
        return byLeader;
      },
      findBroker: async ({ nodeId }: { nodeId: string }) => brokers.get(Number(nodeId)),
      findControllerBroker: async () => brokers.get(1),
      findGroupCoordinator: async () => brokers.get(2),
    },
  };
}
