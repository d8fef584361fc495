import type { LiveMessage } from '../api/read-message.ts';
import { type Subject, subjectOf } from './subject-of.ts';

/** A message in the store. */
export interface StoredEvent extends Subject {
  /** Counts up with every message stored. */
  id: number;
  topic: string;
  timestamp: number;
  /** The event as JSON, as the stream sends it. */
  json: string;
}

/** The last messages of all topics, to be listed and searched, bounded in number and bytes. */
export interface EventStore {
  add(message: LiveMessage, json: string): StoredEvent;
  /** Newest first. */
  newestFirst(): Generator<StoredEvent>;
  /** Oldest first. */
  ofCustomer(id: number): StoredEvent[];
  /** Oldest first. */
  ofOrder(id: string): StoredEvent[];
  readonly size: number;
  /** Timestamp of the oldest one, ms since 1970. */
  readonly oldest: number | null;
}

export function createEventStore(limits: { count: number; bytes: number }): EventStore {
  // Numbers follow each other without holes, so the oldest is found by its number, at the same cost at any size.
  const events = new Map<number, StoredEvent>();
  const customers = createIndex<number>();
  const orders = createIndex<string>();
  let nextId = 1;
  let bytes = 0;

  const oldestEvent = () => events.get(nextId - events.size);

  function dropOldest(): void {
    const oldest = oldestEvent();
    if (!oldest) return;
    events.delete(oldest.id);
    bytes -= oldest.json.length;
    if (oldest.customerId !== undefined) customers.remove(oldest.customerId, oldest.id);
    if (oldest.orderId !== undefined) orders.remove(oldest.orderId, oldest.id);
  }

  const pick = (ids: Iterable<number>) => [...ids].flatMap((id) => events.get(id) ?? []);

  return {
    add(message, json) {
      const { topic, timestamp } = message;
      const event = { id: nextId++, topic, timestamp, json, ...subjectOf(message) };
      events.set(event.id, event);
      bytes += json.length;
      if (event.customerId !== undefined) customers.add(event.customerId, event.id);
      if (event.orderId !== undefined) orders.add(event.orderId, event.id);
      while (events.size > limits.count || (bytes > limits.bytes && events.size > 1)) dropOldest();
      return event;
    },
    *newestFirst() {
      const first = nextId - events.size;
      for (let id = nextId - 1; id >= first; id -= 1) {
        const event = events.get(id);
        if (event) yield event;
      }
    },
    ofCustomer: (id) => pick(customers.get(id)),
    ofOrder: (id) => pick(orders.get(id)),
    get size() {
      return events.size;
    },
    get oldest() {
      return oldestEvent()?.timestamp ?? null;
    },
  };
}

/** Which events are about whom. */
function createIndex<Key>() {
  const ids = new Map<Key, Set<number>>();
  return {
    get: (key: Key): Iterable<number> => ids.get(key) ?? [],
    add(key: Key, id: number) {
      const known = ids.get(key);
      if (known) known.add(id);
      else ids.set(key, new Set([id]));
    },
    remove(key: Key, id: number) {
      const known = ids.get(key);
      known?.delete(id);
      if (known?.size === 0) ids.delete(key);
    },
  };
}
