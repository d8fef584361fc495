import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FaultShop } from './fault-shop.ts';

/** Log messages of the registrar when it begins a repair, and when it has answered a snapshot that Debezium took by itself. */
const repairWords = /"msg":"(changes were lost|took a new snapshot)/g;

/** Does what makes the registrar begin a repair, and waits until it logs that it has. */
export async function untilRepairBegins({ data, until }: FaultShop, act: () => Promise<void>): Promise<void> {
  const count = () => readFileSync(path.join(data, 'log', 'connector.log'), 'utf8').match(repairWords)?.length ?? 0;
  const before = count();
  await act();
  await until('a repair begun', () => count() > before);
}

/** How many offsets all partitions of a topic have given. */
export const sumOfEnds = async (admin: FaultShop['admin'], topic: string): Promise<number> =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
