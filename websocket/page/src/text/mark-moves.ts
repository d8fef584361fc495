import type { ListedEvent } from '../../../src/messages/events.ts';
import { fields } from './read-fields.ts';

/**
 * The shipments of a story that were the first to go to a new address, by the events' numbers.
 *
 * @param events of one customer, oldest first
 */
export function findFirstToNewAddress(events: readonly ListedEvent[]): Set<number> {
  const found = new Set<number>();
  let movedTo: unknown;
  for (const { id, topic, value } of events) {
    const { op, after, status, address } = fields(value);
    if (topic.endsWith('customers') && op === 'u') movedTo = fields(after)['address'];
    if (topic !== 'shipments' || status !== 'delivered' || movedTo === undefined || address !== movedTo) continue;
    found.add(id);
    movedTo = undefined;
  }
  return found;
}
