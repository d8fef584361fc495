import type { Admin } from 'kafkajs';

/** The next offset to read, by topic and partition. */
type GroupOffsets = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Reads everything that a consumer group has committed, in one request. Leaves out partitions without an offset. */
export async function readGroupOffsets(admin: Admin, groupId: string): Promise<GroupOffsets> {
  const committed = new Map<string, Map<number, number>>();
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId })) {
    const known = partitions.filter(({ offset }) => Number(offset) >= 0);
    committed.set(topic, new Map(known.map(({ partition, offset }) => [partition, Number(offset)])));
  }
  return committed;
}

/** Reads what a consumer group has committed for one topic, by partition. */
export async function readCommitted(
  admin: Admin,
  groupId: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> {
  return (await readGroupOffsets(admin, groupId)).get(topic) ?? new Map();
}
