import type { CustomerVersion, KnownVersions } from './customer-history.ts';
import type { OldestAllowed } from './ksqldb-rows.ts';

/** A shipment, as far as its check needs it. Times are ms since 1970. */
export interface ShipmentCase {
  customerId: number;
  /** Fingerprint of the shipped address, or why nothing was shipped. */
  outcome: number | 'customer_deleted' | 'customer_unknown';
  /** Whether the address contains Debezium's placeholder for a value that it does not know. */
  hasPlaceholder: boolean;
  /** When the order was placed, by its producer's clock. */
  orderedAt: number;
  /** When the request to ksqlDB was sent. */
  startedAt: number | undefined;
  /** When ksqlDB's answer arrived. */
  lookedUpAt: number;
  /** The instance of shipping-service that asked. */
  instance: string | undefined;
  orderId: string;
  orderPartition: number;
  orderOffset: number;
  /** Partition of the shipment. */
  partition: number;
  /** Offset of the shipment. */
  offset: number;
}

export type Verdict =
  /** @param staleMs how long the address had been out of date in Postgres; undefined without an address */
  | { ok: true; staleMs: number | undefined }
  | { ok: false; problem: string; detail?: string }
  /** The history does not reach back far enough. */
  | { ok: undefined };

/** Tolerance between the clocks of Postgres and shipping-service, ms. Beyond it, an address counts as one from the future. */
const clockToleranceMs = 60_000;

/**
 * Checks a shipment against the history of its customer (P3, P4). No duration matters: an address is outdated when ksqlDB had a
 * newer one before the look-up began.
 *
 * @param oldestAllowed undefined when the look-up may have found any version
 */
export function verifyShipment(
  { outcome, orderedAt, lookedUpAt }: Pick<ShipmentCase, 'outcome' | 'orderedAt' | 'lookedUpAt'>,
  { versions, isComplete }: KnownVersions,
  oldestAllowed: OldestAllowed | undefined,
): Verdict {
  if (outcome === 'customer_unknown')
    return verifyUnknown(Math.min(orderedAt, lookedUpAt), { versions, isComplete }, oldestAllowed);
  const shipped = outcome === 'customer_deleted' ? null : outcome;
  let newest = -1;
  let staleMs = Number.POSITIVE_INFINITY;
  let onlyLater = false;
  for (const [index, { from, row }] of versions.entries()) {
    if (row !== shipped) continue;
    if (from > lookedUpAt + clockToleranceMs) {
      onlyLater = newest < 0;
      continue;
    }
    newest = index;
    staleMs = Math.min(staleMs, Math.max(0, lookedUpAt - (versions[index + 1]?.from ?? Number.POSITIVE_INFINITY)));
  }
  if (newest >= 0 && oldestAllowed && newest < oldestAllowed.index) return outdated(versions, oldestAllowed);
  if (newest >= 0) return { ok: true, staleMs: shipped === null ? undefined : staleMs };
  if (!isComplete && !oldestAllowed && !onlyLater) return { ok: undefined };
  if (shipped === null) return { ok: false, problem: 'customer_not_deleted' };
  if (versions.length === 0) return { ok: false, problem: 'customer_never_was' };
  return { ok: false, problem: onlyLater ? 'address_from_the_future' : 'foreign_address' };
}

function outdated(versions: readonly CustomerVersion[], { index, by }: OldestAllowed): Verdict {
  const problem = versions[index]?.row === null ? 'shipped_to_deleted' : 'stale_address';
  return { ok: false, problem, detail: `ksqlDB had ${by} a newer row before the look-up` };
}

/** `customer_unknown` is a violation if the customer existed. A customer who registers after the order did not. */
function verifyUnknown(
  orderedAt: number,
  { versions, isComplete }: KnownVersions,
  oldestAllowed: OldestAllowed | undefined,
): Verdict {
  const [first] = versions;
  if (!oldestAllowed && (!first || (isComplete && first.from >= orderedAt))) return { ok: true, staleMs: undefined };
  return { ok: false, problem: 'customer_was_known' };
}
