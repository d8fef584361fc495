import type { Admin } from 'kafkajs';

/** Command ids that are remembered. As one text they must fit into a committed offset: Kafka allows 4,096 bytes. */
const mostIds = 100;

/** The last commands that a service has handled. They are stored beside the committed offset, so they outlive the process. */
export interface HandledCommands {
  has(commandId: string): boolean;
  /** These commands and one more. */
  with(commandId: string): HandledCommands;
  /** For `metadata` of the committed offset. */
  toText(): string;
}

/** @param kept what `toText` returned */
export const createHandledCommands = (kept = ''): HandledCommands => fromIds(kept.split(',').filter((id) => id !== ''));

const fromIds = (ids: readonly string[]): HandledCommands => ({
  has: (commandId) => ids.includes(commandId),
  with: (commandId) => fromIds([...ids, commandId].slice(-mostIds)),
  toText: () => ids.join(),
});

/** Reads what the group has committed for a partition. @throws when Kafka does not answer */
export async function readHandledCommands(
  admin: Admin,
  { groupId, topic, partition }: { groupId: string; topic: string; partition: number },
): Promise<HandledCommands> {
  await admin.connect();
  try {
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const found = committed?.partitions.find((each) => each.partition === partition);
    return createHandledCommands(found?.metadata ?? '');
  } finally {
    await admin.disconnect();
  }
}
