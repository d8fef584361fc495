import type { FaultShop } from './fault-shop.ts';

/** Of the registrar: how far it is with a repair. */
const repairsTopic = 'connector_repairs';

/** Does what makes the registrar begin a repair, and waits until it has noted that. */
export async function untilRepairBegins({ admin, until }: FaultShop, act: () => Promise<void>): Promise<void> {
  const before = await sumOfEnds(admin, repairsTopic);
  await act();
  await until('a repair begun', async () => (await sumOfEnds(admin, repairsTopic)) > before);
}

/** How many offsets all partitions of a topic have given. */
export const sumOfEnds = async (admin: FaultShop['admin'], topic: string): Promise<number> =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
