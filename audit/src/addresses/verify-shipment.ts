import type { Version } from './customer-history.ts';
import type { Floor } from './ksqldb-rows.ts';

/** What has to be known of a shipment to judge it. Times are ms since 1970. */
export interface ShippedCase {
  customerId: number;
  /** Of the address as it was shipped; or why nothing was. */
  outcome: number | 'customer_deleted' | 'customer_unknown';
  /** The address has Debezium's word for a value that it does not know. */
  hasPlaceholder: boolean;
  /** When the order was placed, by its producer's clock. */
  orderedAt: number;
  /** When the request to ksqlDB was sent. */
  startedAt: number | undefined;
  /** When ksqlDB's answer arrived. */
  lookedUpAt: number;
  /** The instance that asked. */
  instance: string | undefined;
  orderId: string;
  /** Of the order. */
  orderPartition: number;
  orderOffset: number;
  /** Of the shipment. */
  partition: number;
  offset: number;
}

/** A customer's versions, oldest first; `complete` when there were none before the first one. */
export interface KnownVersions {
  versions: readonly Version[];
  complete: boolean;
}

export type Verdict =
  /** @param staleMs for how long the address had not been the current one in Postgres; undefined without an address */
  | { ok: true; staleMs: number | undefined }
  | { ok: false; problem: string; detail?: string }
  /** The history does not reach back so far. */
  | { ok: undefined };

/** How far the clocks of Postgres and shipping-service may differ before an answer counts as one from the future, ms. */
const clocksDifferMs = 60_000;

/**
 * Judges a shipment by the whole history of its customer (P3, P4). Pure. How long anything took plays no part: an address is
 * too old when ksqlDB had shown a newer one before the look-up began.
 *
 * @param floor the oldest version that the look-up may have found; nothing when any version may
 */
export function judgeShipment(
  { outcome, orderedAt, lookedUpAt }: Pick<ShippedCase, 'outcome' | 'orderedAt' | 'lookedUpAt'>,
  { versions, complete }: KnownVersions,
  floor: Floor | undefined,
): Verdict {
  if (outcome === 'customer_unknown')
    return judgeUnknown(Math.min(orderedAt, lookedUpAt), { versions, complete }, floor);
  const shipped = outcome === 'customer_deleted' ? null : outcome;
  let newest = -1;
  let staleMs = Number.POSITIVE_INFINITY;
  let onlyLater = false;
  for (const [index, { from, print }] of versions.entries()) {
    if (print !== shipped) continue;
    if (from > lookedUpAt + clocksDifferMs) {
      onlyLater = newest < 0;
      continue;
    }
    newest = index;
    staleMs = Math.min(staleMs, Math.max(0, lookedUpAt - (versions[index + 1]?.from ?? Number.POSITIVE_INFINITY)));
  }
  if (newest >= 0 && floor && newest < floor.index) return tooOld(versions, floor);
  if (newest >= 0) return { ok: true, staleMs: shipped === null ? undefined : staleMs };
  if (!complete && !floor && !onlyLater) return { ok: undefined };
  if (shipped === null) return { ok: false, problem: 'customer_not_deleted' };
  if (versions.length === 0) return { ok: false, problem: 'customer_never_was' };
  return { ok: false, problem: onlyLater ? 'address_from_the_future' : 'foreign_address' };
}

function tooOld(versions: readonly Version[], { index, by }: Floor): Verdict {
  const problem = versions[index]?.print === null ? 'shipped_to_deleted' : 'stale_address';
  return { ok: false, problem, detail: `ksqlDB had ${by} a newer row before the look-up` };
}

/** `customer_unknown` for an id that existed is a violation; one that registers after the order is not. */
function judgeUnknown(orderedAt: number, { versions, complete }: KnownVersions, floor: Floor | undefined): Verdict {
  const [first] = versions;
  if (!floor && (!first || (complete && first.from >= orderedAt))) return { ok: true, staleMs: undefined };
  return { ok: false, problem: 'customer_was_known' };
}
