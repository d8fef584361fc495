import type { Admin } from 'kafkajs';

/**
 * Deletes the topics of the shop's tables, which an earlier test may have left. The applier mistakes such a topic
 * without its table for the work of an earlier applier.
 */
export async function deleteSinkTopics(admin: Admin): Promise<void> {
  const present = await admin.listTopics();
  const topics = ['CUSTOMERS', 'LATEST_INVENTORY', 'TOTAL_ORDERS', 'FINAL_INVENTORY'].filter((one) =>
    present.includes(one),
  );
  if (topics.length > 0) await admin.deleteTopics({ topics });
}
