import type { Shipment } from '@shop/common';
import { createFindings, type Findings } from '../findings/findings.ts';
import { createHistogram } from '../findings/histogram.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import { type CustomerHistory, printOf } from './customer-history.ts';
import { judgeShipment, type ShippedCase } from './judge-shipment.ts';

/** Shipments that wait for their judgement at the most; beyond, the oldest are judged by what is known. */
const mostPending = 200_000;

export type ShipmentCourt = ReturnType<typeof createShipmentCourt>;

/**
 * Judges shipments by the history of their customers (P3, P4), not before that history is known up to the look-up: the
 * change that makes an address a former one may reach the topic long after the parcel has left.
 *
 * @param boundMs how long a shipped address may have been a former one; asked at each judgement
 */
export function createShipmentCourt(history: CustomerHistory, topic: string, boundMs: () => number) {
  const fresh: Findings = createFindings();
  const deleted: Findings = createFindings();
  const staleness = createHistogram();
  const counts = { delivered: 0, undeliverable: 0, beyond_history: 0, judged_early: 0 };
  let pending: ShippedCase[] = [];

  function judge(each: ShippedCase): void {
    const verdict = judgeShipment(each, history.of(each.customerId), boundMs());
    const delivered = typeof each.outcome === 'number';
    if (verdict.ok === undefined) {
      counts.beyond_history += 1;
      return;
    }
    counts[delivered ? 'delivered' : 'undeliverable'] += 1;
    if (verdict.staleMs !== undefined) staleness.add(verdict.staleMs);
    if (verdict.ok) return;
    (delivered ? fresh : deleted).add({
      problem: verdict.problem,
      order_id: each.orderId,
      customer_id: each.customerId,
      topic,
      partition: each.partition,
      offset: each.offset,
      ...(verdict.detail !== undefined && { detail: verdict.detail }),
    });
  }

  function judgeIf(isDue: (each: ShippedCase) => boolean): void {
    const left: ShippedCase[] = [];
    for (const each of pending)
      if (isDue(each)) judge(each);
      else left.push(each);
    pending = left;
  }

  return {
    fresh,
    deleted,

    file(shipment: Shipment, { partition, offset }: Pick<TopicRecord, 'partition' | 'offset'>): void {
      pending.push({
        customerId: shipment.customer_id,
        outcome: shipment.status === 'delivered' ? printOf(shipment) : shipment.reason,
        lookedUpAt: Date.parse(shipment.looked_up_at),
        orderId: shipment.order_id,
        partition,
        offset,
      });
      if (pending.length <= mostPending * 1.1) return;
      const early = pending.splice(0, pending.length - mostPending);
      counts.judged_early += early.length;
      for (const each of early) judge(each);
    },

    /** The history of every customer is known up to this commit. */
    judgeUpTo(complete: number): void {
      judgeIf(({ lookedUpAt }) => lookedUpAt <= complete);
    },

    /** The history of these customers is known up to this time: Postgres had them then as the topic has. */
    judgeCustomers(ids: ReadonlySet<number>, complete: number): void {
      judgeIf(({ customerId, lookedUpAt }) => ids.has(customerId) && lookedUpAt <= complete);
    },

    /** Customers of shipments that are not judged yet, each once, at most so many. */
    pendingCustomers(limit: number): number[] {
      const ids = new Set<number>();
      for (const { customerId } of pending) {
        ids.add(customerId);
        if (ids.size >= limit) break;
      }
      return [...ids];
    },

    /** The earliest look-up that is still to be judged. */
    earliestPending: (): number =>
      pending.reduce((least, { lookedUpAt }) => Math.min(least, lookedUpAt), Number.POSITIVE_INFINITY),

    figures: () => ({
      ...counts,
      pending: pending.length,
      freshness_p50_ms: staleness.quantile(0.5),
      freshness_p99_ms: staleness.quantile(0.99),
      freshness_max_ms: staleness.max,
    }),
  };
}
