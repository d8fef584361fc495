import { z } from 'zod';
import type { Filter } from '../messages/events.ts';
import type { StoredEvent } from '../shop/event-store.ts';

const filter = z.strictObject({
  type: z.literal('filter'),
  topics: z.array(z.string().max(249)).max(100).nullable(),
  text: z.string().max(200),
});

export const everything: Filter = { type: 'filter', topics: null, text: '' };

/** @returns `undefined` when the page sent something else */
export function readFilter(text: string): Filter | undefined {
  try {
    return filter.parse(JSON.parse(text));
  } catch {
    return undefined; // the caller disconnects the client with a reason
  }
}

/** Filters that are the same have the same key. */
export const filterKey = ({ topics, text }: Filter) =>
  JSON.stringify([topics && [...topics].sort(), text.toLowerCase()]);

/**
 * Whether an event is of one of the topics and contains the text, in any case.
 *
 * @param reports topics that are listed only when they are chosen, because they repeat what is known
 */
export function matches(
  { topics, text }: Filter,
  event: Pick<StoredEvent, 'topic' | 'json'>,
  reports: readonly string[] = [],
): boolean {
  if (topics === null ? reports.includes(event.topic) : !topics.includes(event.topic)) return false;
  return text === '' || event.json.toLowerCase().includes(text.toLowerCase());
}
