import { createRequire } from 'node:module';
import { patchOnce } from './patch-once.ts';

/** A message as kafkajs decodes it from a fetch response. */
export interface FetchedMessage {
  offset: string;
  key: Buffer | null;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
}

/** One partition of a fetch response. */
export interface FetchedPartition {
  messages: FetchedMessage[];
  /** In the order in which the transactions were aborted, as the broker sends them. */
  abortedTransactions: { producerId: string; firstOffset: string }[] | null;
}

interface FetchResponse {
  decode(rawData: Buffer): Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
}

/** Version 0, type 0: the marker that ends an aborted transaction. */
const abortMarker = Buffer.from([0, 0, 0, 0]);

/**
 * Marks the messages of aborted transactions as control records, which kafkajs hides from consumers, and takes the list of
 * aborted transactions from it. kafkajs 2.2.4 takes that list for sorted by first offset and at most one entry a
 * message; with several producers writing to a partition it is neither, and aborted messages are delivered.
 */
export function hideAborted(partition: FetchedPartition): void {
  const { messages, abortedTransactions } = partition;
  if (!abortedTransactions?.length) return;
  const waiting = abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset: BigInt(firstOffset) }))
    .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const aborted = new Set<string>();
  let next = 0;
  for (const message of messages) {
    const offset = BigInt(message.offset);
    for (let each = waiting[next]; each && each.firstOffset <= offset; each = waiting[++next])
      aborted.add(each.producerId);
    const { producerId, inTransaction } = message.batchContext;
    if (message.isControlRecord) {
      if (message.key?.equals(abortMarker)) aborted.delete(producerId);
    } else if (inTransaction && aborted.has(producerId)) message.isControlRecord = true;
  }
  partition.abortedTransactions = [];
}

const require = createRequire(import.meta.url);
/** Versions of the fetch response that contain transactions. */
const versions = [4, 5, 6, 7, 8, 9, 10, 11];

/** Makes every consumer of this process read committed messages only. */
export const patchReadCommitted = patchOnce(() => {
  for (const version of versions) {
    const response: FetchResponse = require(`kafkajs/src/protocol/requests/fetch/v${version}/response`);
    const { decode } = response;
    response.decode = async (rawData) => {
      const decoded = await decode(rawData);
      for (const { partitions } of decoded.responses) for (const partition of partitions) hideAborted(partition);
      return decoded;
    };
  }
});
