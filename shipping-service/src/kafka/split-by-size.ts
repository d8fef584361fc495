import type { OutgoingMessage } from '@shop/common';
import type { TopicWrites } from './batch.ts';

/**
 * kafkajs puts all messages for a partition into one record batch, and the broker's limit is on the batch; 700 kB stay
 * below the default limit of 1 MiB even when all go to one partition.
 */
const limitBytes = 700_000;

/** Splits writes into portions of at most `limit` bytes. A larger message gets its own portion. */
export function* splitBySize(writes: TopicWrites[], limit = limitBytes): Generator<TopicWrites> {
  for (const { topic, messages } of writes) {
    let portion: OutgoingMessage[] = [];
    let bytes = 0;
    for (const message of messages) {
      const size = sizeOf(message);
      if (portion.length > 0 && bytes + size > limit) {
        yield { topic, messages: portion };
        portion = [];
        bytes = 0;
      }
      portion.push(message);
      bytes += size;
    }
    if (portion.length > 0) yield { topic, messages: portion };
  }
}

const recordOverheadBytes = 30;

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let bytes = recordOverheadBytes + byteLength(key) + byteLength(value);
  for (const [name, content] of Object.entries(headers ?? {}))
    for (const each of [content].flat()) bytes += name.length + byteLength(each) + 4;
  return bytes;
}

const byteLength = (content: string | Buffer | null | undefined) => (content == null ? 0 : Buffer.byteLength(content));
