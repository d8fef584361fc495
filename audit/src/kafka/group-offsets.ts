import type { Admin } from 'kafkajs';

/** What a consumer group has committed for a topic: the next offset to read, by partition; only partitions with one. */
export async function readCommitted(admin: Admin, groupId: string, topic: string): Promise<Map<number, number>> {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map<number, number>();
  for (const { partition, offset } of found?.partitions ?? [])
    if (Number(offset) >= 0) committed.set(partition, Number(offset));
  return committed;
}
