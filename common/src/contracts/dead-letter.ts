import { z } from 'zod';
import { findUnreadableBatch } from '../kafka/record-batches.ts';
import { describeError } from '../shop-error.ts';
import type { OutgoingMessage, ReceivedMessage } from './message.ts';

export interface DeadLetterReason {
  /** One word, as in the header. */
  code: string;
  message: string;
}

/** Where the message was found, and who could not use it. */
export interface DeadLetterOrigin {
  topic: string;
  partition: number;
  service: string;
}

/** The names of the headers of a message in `dead_letters`. */
export const deadLetterHeaders = {
  topic: 'dead_letter.topic',
  partition: 'dead_letter.partition',
  offset: 'dead_letter.offset',
  code: 'dead_letter.error_code',
  message: 'dead_letter.error_message',
  service: 'dead_letter.service',
  time: 'dead_letter.time',
} as const;

/** The headers of a message in `dead_letters`, beside those of the original message. */
export const deadLetterHeaderValues = z.looseObject({
  [deadLetterHeaders.topic]: z.string().describe('Topic in which the message was found.'),
  [deadLetterHeaders.partition]: z.string().regex(/^\d+$/).describe('Partition in which it was found.'),
  [deadLetterHeaders.offset]: z.string().regex(/^\d+$/).describe('Its offset in that partition.'),
  [deadLetterHeaders.code]: z
    .string()
    .min(1)
    .describe('Why it was set aside: `invalid_json`, `wrong_shape`, `tombstone`, `duplicate_order`, …'),
  [deadLetterHeaders.message]: z.string().describe('The same for people.'),
  [deadLetterHeaders.service]: z.string().describe('The service that could not use it.'),
  [deadLetterHeaders.time]: z.string().describe('When it was set aside, ISO 8601.'),
});

/** The unchanged message (key, value and headers) with more headers, which say what is wrong with it. */
export function toDeadLetter(
  message: ReceivedMessage,
  origin: DeadLetterOrigin,
  reason: DeadLetterReason,
): OutgoingMessage {
  return {
    key: message.key,
    value: message.value,
    headers: {
      ...message.headers,
      [deadLetterHeaders.topic]: origin.topic,
      [deadLetterHeaders.partition]: String(origin.partition),
      [deadLetterHeaders.offset]: message.offset,
      [deadLetterHeaders.code]: reason.code,
      [deadLetterHeaders.message]: reason.message.slice(0, 500),
      [deadLetterHeaders.service]: origin.service,
      [deadLetterHeaders.time]: new Date().toISOString(),
    },
  };
}

/** Why a message that stands for an unreadable batch is a dead letter; `undefined` for an ordinary message. */
export function findUnreadable(message: ReceivedMessage): DeadLetterReason | undefined {
  const batch = findUnreadableBatch(message);
  if (!batch) return undefined;
  const { firstOffset, lastOffset, cause } = batch;
  return {
    code: 'unreadable_batch',
    message: `the batch with offsets ${firstOffset} to ${lastOffset} cannot be decoded: ${describeError(cause)}`,
  };
}
