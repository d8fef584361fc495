import type { Story } from '../messages/story.ts';
import type { EventStore, StoredEvent } from './event-store.ts';
import { listEvent } from './list-event.ts';
import { asRecord } from './subject-of.ts';

const mostEvents = 300;
const mostCandidates = 20;

/**
 * Everything stored about one customer (`5`), one order (its id; with its customer's changes), or the customers of a name
 * to choose from.
 *
 * @param customersTopic where customers' names are found
 */
export function findStory(store: EventStore, search: string, customersTopic: string): Story {
  const wanted = search.trim();
  const found = (part: Partial<Story>): Story => ({
    search: wanted,
    customer: null,
    order_id: null,
    events: [],
    candidates: [],
    store: { events: store.size, oldest: store.oldest },
    ...part,
  });
  if (wanted === '') return found({});
  if (/^\d{1,15}$/.test(wanted)) {
    const id = Number(wanted);
    const events = store.ofCustomer(id);
    return found({ customer: { id, name: nameIn(events, customersTopic) }, events: toList(events) });
  }
  const ofOrder = store.ofOrder(wanted);
  if (ofOrder.length === 0) return found({ candidates: findCustomers(store, wanted, customersTopic) });
  const id = ofOrder.find(({ customerId }) => customerId !== undefined)?.customerId;
  if (id === undefined) return found({ order_id: wanted, events: toList(ofOrder) });
  const ofCustomer = store.ofCustomer(id);
  const changes = ofCustomer.filter(({ orderId }) => orderId === undefined);
  const customer = { id, name: nameIn(ofCustomer, customersTopic) };
  return found({ order_id: wanted, customer, events: toList([...new Set([...changes, ...ofOrder])]) });
}

function toList(events: StoredEvent[]) {
  const sorted = events.toSorted((a, b) => a.timestamp - b.timestamp || a.id - b.id);
  return sorted.slice(-mostEvents).map(listEvent);
}

interface Named {
  id: number;
  name: string;
  country: string;
}

function nameIn(events: StoredEvent[], customersTopic: string): string | null {
  for (const event of events.toReversed()) {
    const customer = event.topic === customersTopic ? readNamed(event) : undefined;
    if (customer) return customer.name;
  }
  return null;
}

function findCustomers(store: EventStore, text: string, customersTopic: string): Named[] {
  const needle = text.toLowerCase();
  const found = new Map<number, Named>();
  for (const event of store.newestFirst()) {
    if (found.size >= mostCandidates) break;
    if (event.topic !== customersTopic || event.customerId === undefined || found.has(event.customerId)) continue;
    const customer = readNamed(event);
    if (customer?.name.toLowerCase().includes(needle)) found.set(customer.id, customer);
  }
  return [...found.values()];
}

function readNamed(event: StoredEvent): Named | undefined {
  const after = asRecord(asRecord(asRecord(JSON.parse(event.json))['value'])['after']);
  const { id, first_name, last_name, country } = after;
  if (typeof id !== 'number') return undefined;
  return { id, name: `${first_name ?? ''} ${last_name ?? ''}`.trim(), country: String(country ?? '') };
}
