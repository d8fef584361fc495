import { type DeadLetterOrigin, type OutgoingMessage, type ReceivedMessage, toDeadLetter } from '@shop/common';
import type { ReceivedOrder, Rejected } from './received-order.ts';

/** Sorts the messages of a batch into orders to ship and dead letters. */
export function sortMessages<O extends ReceivedOrder>(
  messages: ReceivedMessage[],
  origin: DeadLetterOrigin,
  read: (message: ReceivedMessage) => O | Rejected,
): { orders: O[]; deadLetters: OutgoingMessage[] } {
  const orders: O[] = [];
  const deadLetters: OutgoingMessage[] = [];
  for (const message of messages) {
    const result = read(message);
    if ('rejected' in result) deadLetters.push(toDeadLetter(message, origin, result.rejected));
    else orders.push(result);
  }
  return { orders, deadLetters };
}
