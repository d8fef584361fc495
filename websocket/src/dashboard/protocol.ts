/**
 * What the page's own channel carries, `/page`: pictures of the shop that the server puts together, instead of every
 * message. Types only, shared with the page. Times are milliseconds since 1970, rates are per second.
 */

export interface Flow {
  topic: string;
  /** Messages since this process began to read, those read back at its start included. */
  total: number;
  per_second: number;
}

export interface Product {
  product: string;
  refilled: number;
  ordered: number;
  /** Refilled less ordered; negative when oversold. */
  left: number;
  /** Whether the table `products` still has it. */
  sold: boolean;
}

export interface ServiceLine {
  service: string;
  instance: string;
  state: string;
  since: string;
  waiting_for: string[];
  counters: Record<string, number>;
  last_error: { message: string; at: string } | null;
  /** Milliseconds since it last reported itself. */
  silent_ms: number;
}

export interface AuditLine {
  /** P1 to P8. */
  check: string;
  /** What is promised, in words. */
  promise: string;
  /** `unknown` when the audit could not tell. */
  verdict: 'kept' | 'broken' | 'unknown';
  text: string;
  /** Which service level the shop misses although the promise is kept; null when it meets it, or has none. */
  missed: string | null;
  at: number;
}

/** A customer moved, and a later order went to the new address. */
export interface FollowedMove {
  customer_id: number;
  name: string;
  /** Unknown when this process has not seen the customer before. */
  from: string | null;
  to: string;
  moved_at: number;
  shipped_at: number;
  order_id: string;
  product: string;
}

export interface Picture {
  type: 'picture';
  at: number;
  /** What this server waits for; empty when it reads from Kafka. */
  waiting_for: string[];
  /** When this process began to read. */
  reading_since: number;
  /** Milliseconds since the last message; `null` before the first. */
  quiet_ms: number | null;
  flows: Flow[];
  /** Orders without an outcome. */
  open_orders: { count: number; oldest_ms: number };
  delivered: number;
  undeliverable: { reason: string; count: number }[];
  dead_letters: { code: string; count: number }[];
  /** From order to shipment over the last minute; `null` without shipments. */
  delivery_ms: { p50: number; p99: number; count: number } | null;
  products: Product[];
  customers: { total: number; countries: { country: string; customers: number }[] };
  moves: FollowedMove[];
  services: ServiceLine[];
  audit: AuditLine[];
  /** What the search can find. */
  store: { events: number; oldest: number | null };
}

/** One second of the shop. */
export interface Second {
  /** Seconds since 1970. */
  second: number;
  orders: number;
  delivered: number;
  undeliverable: number;
  /** Milliseconds from order to shipment; `null` without shipments. */
  p50: number | null;
  p99: number | null;
  /** Left in stock by product, where it changed or was known. */
  left: Record<string, number>;
}

/** The seconds known; later ones replace earlier ones of the same number. `whole` drops what was known before. */
export interface Seconds {
  type: 'seconds';
  whole: boolean;
  seconds: Second[];
}

/** A message as the page lists it. */
export interface ListedEvent {
  /** Counts up with every message this process reads. */
  id: number;
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  value: unknown;
  timestamp: number;
  value_format?: 'text' | 'base64';
  key_format?: 'base64';
  headers?: Record<string, string>;
}

export interface Events {
  type: 'events';
  /** Replaces the list: the answer to a filter. */
  whole: boolean;
  /** Newest last. */
  events: ListedEvent[];
  /** How many more matched since the last time and are not shown. */
  left_out: number;
}

export interface Welcome {
  type: 'welcome';
  /** Changes when the server was started anew. */
  stream: string;
  topics: string[];
  /** Topics whose events are listed only when they are chosen. */
  reports: string[];
}

export type PageMessage = Welcome | Picture | Seconds | Events;

/** What the page sends, at most 1 KiB: which events it wants listed. `null` for all topics but `reports`. */
export interface Filter {
  type: 'filter';
  topics: string[] | null;
  text: string;
}

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
