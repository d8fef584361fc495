import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FaultShop } from './fault-shop.ts';

/** The registrar's log messages when it begins a repair, and when it has handled a snapshot that Debezium started. */
const repairWords = /"msg":"(changes were lost|took a new snapshot)/g;

/** Runs an action that causes a repair, and waits until the registrar logs that it has begun. */
export async function untilRepairBegins({ data, until }: FaultShop, act: () => Promise<void>): Promise<void> {
  const count = () => readFileSync(path.join(data, 'log', 'connector.log'), 'utf8').match(repairWords)?.length ?? 0;
  const before = count();
  await act();
  await until('a repair begun', () => count() > before);
}

/** The sum of the end offsets of a topic's partitions. */
export const sumOfEnds = async (admin: FaultShop['admin'], topic: string): Promise<number> =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
