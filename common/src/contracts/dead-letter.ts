import { findUnreadableBatch } from '../kafka/record-batches.ts';
import { describeError } from '../shop-error.ts';
import type { OutgoingMessage, ReceivedMessage } from './message.ts';

export interface DeadLetterReason {
  /** Why it was set aside: `invalid_json`, `wrong_shape`, `tombstone`, `duplicate_order`, … */
  code: string;
  message: string;
}

/** Where the message was found, and who could not use it. */
export interface DeadLetterOrigin {
  topic: string;
  partition: number;
  service: string;
}

/** The headers of a message in `dead_letters`. */
export const deadLetterHeaders = {
  topic: 'dead_letter.topic',
  partition: 'dead_letter.partition',
  offset: 'dead_letter.offset',
  code: 'dead_letter.error_code',
  message: 'dead_letter.error_message',
  service: 'dead_letter.service',
  time: 'dead_letter.time',
} as const;

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
