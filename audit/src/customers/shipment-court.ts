import type { Shipment } from '@shop/common';
import { createFindings, type Findings } from '../findings/findings.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import { type CustomerHistory, printOf } from './customer-history.ts';
import type { Freshness } from './freshness.ts';
import { judgeShipment, type ShippedCase } from './judge-shipment.ts';
import type { ShownRows } from './shown-rows.ts';

export interface CourtPlan {
  history: CustomerHistory;
  shown: ShownRows;
  freshness: Freshness;
  /** Of shipments. */
  topic: string;
}

/** Deliveries whose freshness is not measured yet at the most; beyond, the oldest are measured by what is known. */
const mostUnmeasured = 200_000;

export type ShipmentCourt = ReturnType<typeof createShipmentCourt>;

/**
 * Judges shipments by the history of their customers (P3, P4) once all that ksqlDB can have read was read, too. How fresh a
 * delivered address was is measured later, when the history is known up to the look-up.
 */
export function createShipmentCourt({ history, shown, freshness, topic }: CourtPlan) {
  const addresses: Findings = createFindings();
  const deleted: Findings = createFindings();
  const counts = { delivered: 0, undeliverable: 0, beyond_history: 0 };
  const pending: ShippedCase[] = [];
  let unmeasured: ShippedCase[] = [];

  const judgeOne = (each: ShippedCase) => {
    const known = { versions: history.of(each.customerId), complete: history.isComplete(each.customerId) };
    const { customerId, orderPartition: partition, orderOffset: offset, instance, startedAt } = each;
    return judgeShipment(each, known, shown.floorOf({ customerId, partition, offset, instance, startedAt }));
  };

  function judge(each: ShippedCase): void {
    const verdict = judgeOne(each);
    if (verdict.ok === undefined) {
      counts.beyond_history += 1;
      return;
    }
    const delivered = typeof each.outcome === 'number';
    counts[delivered ? 'delivered' : 'undeliverable'] += 1;
    if (verdict.ok) {
      if (delivered) unmeasured.push(each);
      return;
    }
    (delivered && verdict.problem !== 'shipped_to_deleted' ? addresses : deleted).add({
      problem: verdict.problem,
      order_id: each.orderId,
      customer_id: each.customerId,
      topic,
      partition: each.partition,
      offset: each.offset,
      ...(verdict.detail !== undefined && { detail: verdict.detail }),
    });
  }

  function measure(each: ShippedCase, now: number): void {
    const verdict = judgeShipment(each, { versions: history.of(each.customerId), complete: false }, undefined);
    if (verdict.ok && verdict.staleMs !== undefined) freshness.add(verdict.staleMs, now);
  }

  function measureIf(isDue: (each: ShippedCase) => boolean, now: number): void {
    const left: ShippedCase[] = [];
    const excess = unmeasured.length - mostUnmeasured;
    for (const [index, each] of unmeasured.entries())
      if (index < excess || isDue(each)) measure(each, now);
      else left.push(each);
    unmeasured = left;
  }

  return {
    addresses,
    deleted,

    /** @param at by the clock of looks */
    file(shipment: Shipment, { partition, offset }: Pick<TopicRecord, 'partition' | 'offset'>, at: number): void {
      const { customer_id: customerId, looked_up_by: instance } = shipment;
      const outcome = shipment.status === 'delivered' ? printOf(shipment) : shipment.reason;
      const lookedUpAt = Date.parse(shipment.looked_up_at);
      const orderedAt = Date.parse(shipment.ordered_at);
      const started = shipment.lookup_started_at;
      pending.push({
        customerId,
        outcome,
        orderedAt: Number.isNaN(orderedAt) ? lookedUpAt : orderedAt,
        startedAt: started === undefined ? undefined : Date.parse(started),
        lookedUpAt,
        instance,
        orderId: shipment.order_id,
        orderPartition: shipment.order_partition,
        orderOffset: shipment.order_offset,
        partition,
        offset,
      });
      if (instance === undefined || outcome === 'customer_unknown') return;
      const print = outcome === 'customer_deleted' ? null : outcome;
      shown.answer(customerId, print, { instance, answeredAt: lookedUpAt }, at);
    },

    /** How many shipments wait for a verdict. Take it before the topic of changes is read to its end. */
    get waiting(): number {
      return pending.length;
    },

    /** Judges so many of the oldest: all that ksqlDB could read when they were filed has been read. */
    judgeOldest(count: number): void {
      for (const each of pending.splice(0, count)) judge(each);
    },

    /** The history of every customer is known up to this commit, ms since 1970. */
    measureUpTo(complete: number, now: number): void {
      measureIf(({ lookedUpAt }) => lookedUpAt <= complete, now);
    },

    /** The history of these customers is known up to this time: Postgres had them then as the topic has. */
    measureCustomers(ids: ReadonlySet<number>, complete: number, now: number): void {
      measureIf(({ customerId, lookedUpAt }) => ids.has(customerId) && lookedUpAt <= complete, now);
    },

    /** Customers of deliveries that are not measured yet, each once, at most so many. */
    unmeasuredCustomers(limit: number): number[] {
      const ids = new Set<number>();
      for (const { customerId } of unmeasured) {
        ids.add(customerId);
        if (ids.size >= limit) break;
      }
      return [...ids];
    },

    figures: () => ({ ...counts, pending: pending.length, unmeasured: unmeasured.length }),
  };
}
