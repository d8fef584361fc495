import type { Version } from './customer-history.ts';

/** What has to be known of a shipment to judge it. */
export interface ShippedCase {
  customerId: number;
  /** Of the address as it was shipped; or why nothing was. */
  outcome: number | 'customer_deleted' | 'customer_unknown';
  /** When ksqlDB's answer arrived, ms since 1970. */
  lookedUpAt: number;
  orderId: string;
  partition: number;
  offset: number;
}

export type Verdict =
  /** @param staleMs for how long the address had not been the current one; 0 when it was */
  | { ok: true; staleMs: number | undefined }
  | { ok: false; problem: string; detail?: string; staleMs?: number }
  /** The history does not reach back so far. */
  | { ok: undefined };

/** Judges a shipment by its customer's whole history up to the look-up (P3, P4). Pure. */
export function judgeShipment(
  { outcome, lookedUpAt }: Pick<ShippedCase, 'outcome' | 'lookedUpAt'>,
  versions: readonly Version[],
  boundMs: number,
): Verdict {
  if (outcome === 'customer_unknown') return judgeUnknown(lookedUpAt, versions);
  if (outcome === 'customer_deleted') return judgeDeleted(lookedUpAt, versions);
  if (versions.length === 0) return { ok: false, problem: 'customer_never_was' };
  let staleMs = Number.POSITIVE_INFINITY;
  let tooEarly = false;
  for (const [index, { from, print }] of versions.entries()) {
    if (print !== outcome) continue;
    const to = versions[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (from > lookedUpAt) tooEarly = true;
    else staleMs = Math.min(staleMs, Math.max(0, lookedUpAt - to));
  }
  if (staleMs <= boundMs) return { ok: true, staleMs };
  if (staleMs < Number.POSITIVE_INFINITY)
    return { ok: false, problem: 'stale_address', detail: `${Math.round(staleMs)} ms after it had changed`, staleMs };
  const [first] = versions;
  if (first?.cut && first.from > lookedUpAt - boundMs) return { ok: undefined };
  return { ok: false, problem: tooEarly ? 'address_from_the_future' : 'foreign_address' };
}

/** An order of a deleted customer: the customer must have been deleted by then. */
function judgeDeleted(lookedUpAt: number, versions: readonly Version[]): Verdict {
  const deleted = versions.some(({ from, print }) => print === null && from <= lookedUpAt);
  return deleted ? { ok: true, staleMs: undefined } : { ok: false, problem: 'customer_not_deleted' };
}

/** `customer_unknown` for an id that is in the customers topic is a violation; one that registers later is not. */
function judgeUnknown(lookedUpAt: number, versions: readonly Version[]): Verdict {
  const [first] = versions;
  if (!first || (first.from > lookedUpAt && !first.cut)) return { ok: true, staleMs: undefined };
  return { ok: false, problem: 'customer_was_known' };
}
