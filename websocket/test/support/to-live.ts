import { toTopicRecord } from '@shop/common';
import { encodeEvent } from '../../src/api/encode-event.ts';
import { readMessage } from '../../src/api/read-message.ts';
import type { ShopMessage } from './simulate-shop.ts';

let offset = 0;

/** A simulated message as if it had just come from Kafka. */
export function toLive({ topic, key, value, headers }: ShopMessage, timestamp = Date.now()) {
  const bytes = (content: string | Buffer | null | undefined) => (content ? Buffer.from(content) : null);
  const message = readMessage(
    toTopicRecord(topic, 0, {
      key: bytes(key),
      value: bytes(value),
      headers: headers ?? {},
      timestamp: String(timestamp),
      attributes: 0,
      offset: String(offset++),
    }),
  );
  return { message, json: encodeEvent(message) };
}
