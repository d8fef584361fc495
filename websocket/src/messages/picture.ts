import type { CommandLine, FaultLine, ScenarioLine, SettingsLine } from './commands.ts';

/** The state of the shop, put together by the server. Times are milliseconds since 1970, rates are per second. */

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
  /** Milliseconds since its last report. */
  silent_ms: number;
}

export interface AuditLine {
  /** P1 to P8. */
  check: string;
  /** What is promised, in words. */
  promise: string;
  /** `unknown` when the audit could not check it. */
  verdict: 'kept' | 'broken' | 'unknown';
  text: string;
  /** How many cases break the promise. */
  violations: number;
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
  /** The last commands of all visitors, newest first. */
  commands: CommandLine[];
  /** Newest first. */
  faults: FaultLine[];
  /** The last scenario; `null` when none has run for a while. */
  scenario: ScenarioLine | null;
  settings: SettingsLine[];
  /** What the search can find. */
  store: { events: number; oldest: number | null };
}
