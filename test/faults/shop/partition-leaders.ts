import type { FaultShop } from './fault-shop.ts';

/** KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS and KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS. */
const internalPartitions = 6;

/** The partition of a group or transactional id in Kafka's internal topic, by Java's hash of the name. */
export function partitionOfName(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (31 * hash + name.charCodeAt(index)) | 0;
  return (hash & 0x7fff_ffff) % internalPartitions;
}

/** Returns the current leader of a partition; waits while there is none. */
export function leaderOf({ admin, until }: FaultShop, topic: string, partition: number): Promise<number> {
  return until(`a leader of ${topic}, partition ${partition}`, async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
    return leader > 0 && leader;
  });
}

/** Returns the name of the broker with this node id. */
export function brokerOf({ brokers }: FaultShop, node: number): string {
  const part = brokers[node - 1];
  if (part === undefined) throw new Error(`there is no broker ${node}`);
  return part;
}

/** Returns whether every partition of the shop's topics is in sync on all brokers. */
export async function isReplicated({ admin, topics: shopTopics, brokers }: FaultShop): Promise<boolean> {
  const names = Object.values(shopTopics).map(({ topic }) => topic);
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  return topics.every(({ partitions }) => partitions.every(({ isr }) => isr.length === brokers.length));
}

/** Waits until every partition of the shop's topics is in sync on all brokers. */
export const untilReplicated = (shop: FaultShop): Promise<boolean> =>
  shop.until('every partition in sync on all brokers', () => isReplicated(shop));
