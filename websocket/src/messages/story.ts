import type { ListedEvent } from './events.ts';
import type { Picture } from './picture.ts';

/** The answer of `/stories?search=…`: everything stored about one customer, or customers to choose from. */
export interface Story {
  search: string;
  customer: { id: number; name: string | null } | null;
  order_id: string | null;
  /** Oldest first. */
  events: ListedEvent[];
  candidates: { id: number; name: string; country: string }[];
  store: Picture['store'];
}
