import type { ListedEvent } from '../messages/events.ts';
import type { StoredEvent } from './event-store.ts';

/** The text of a stored event as the page lists it: with its number in front. */
export function listEventText({ id, json }: StoredEvent): string {
  return `{"id":${id},${json.slice(1)}`;
}

/** The same, parsed. */
export function listEvent(event: StoredEvent): ListedEvent {
  return JSON.parse(listEventText(event));
}
