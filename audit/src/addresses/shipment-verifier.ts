import type { Shipment } from '@shop/common';
import { LRUCache } from 'lru-cache';
import { createFindings, type Findings } from '../findings/findings.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import { type CustomerHistory, printOf } from './customer-history.ts';
import type { Freshness } from './freshness.ts';
import type { ShownRows } from './ksqldb-rows.ts';
import { judgeShipment, type ShippedCase, type Verdict } from './verify-shipment.ts';

export interface CourtPlan {
  history: CustomerHistory;
  shown: ShownRows;
  freshness: Freshness;
  /** Of shipments. */
  topic: string;
}

/** Shipments that wait for a verdict at the most, while Postgres does not answer; beyond, the oldest get none. */
const mostPending = 200_000;
/** Customers whose last delivery to a former address is remembered. */
const mostLate = 10_000;

/** What Debezium writes for a long column that an update did not touch. */
const placeholder = '__debezium_unavailable_value';

export type ShipmentCourt = ReturnType<typeof createShipmentCourt>;

/** Judges shipments by Postgres' history of their customers and by what ksqlDB had shown of them (P3, P4). */
export function createShipmentCourt({ history, shown, freshness, topic }: CourtPlan) {
  const addresses: Findings = createFindings();
  const deleted: Findings = createFindings();
  const counts = { delivered: 0, undeliverable: 0, beyond_history: 0 };
  const late = new LRUCache<number, string>({ max: mostLate });
  let pending: ShippedCase[] = [];

  function judgeOne(each: ShippedCase): Verdict {
    if (each.hasPlaceholder) return { ok: false, problem: 'placeholder_shipped', detail: placeholder };
    const known = { versions: history.of(each.customerId), complete: history.isComplete(each.customerId) };
    const { customerId, orderPartition: partition, orderOffset: offset, instance, startedAt } = each;
    return judgeShipment(each, known, shown.floorOf({ customerId, partition, offset, instance, startedAt }));
  }

  function judge(each: ShippedCase, now: number): void {
    const verdict = judgeOne(each);
    if (verdict.ok === undefined) {
      counts.beyond_history += 1;
      return;
    }
    const delivered = typeof each.outcome === 'number';
    counts[delivered ? 'delivered' : 'undeliverable'] += 1;
    if (verdict.ok) {
      if (verdict.staleMs !== undefined) freshness.add(verdict.staleMs, now);
      if (verdict.staleMs) late.set(each.customerId, each.orderId);
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
        hasPlaceholder: shipment.status === 'delivered' && hasPlaceholder(shipment),
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
      if (pending.length > mostPending * 1.1)
        counts.beyond_history += pending.splice(0, pending.length - mostPending).length;
      if (instance === undefined || outcome === 'customer_unknown') return;
      const print = outcome === 'customer_deleted' ? null : outcome;
      shown.answer(customerId, print, { instance, answeredAt: lookedUpAt }, at);
    },

    /** Shipments that wait for a verdict. Take them before the history is read. */
    takePending(): ShippedCase[] {
      const taken = pending;
      pending = [];
      return taken;
    },

    /** The history could not be read: these are judged later. */
    putBack(cases: readonly ShippedCase[]): void {
      pending = [...cases, ...pending];
    },

    /** Judges shipments whose history was read after they were taken. @param now ms since 1970 */
    judgeAll(cases: readonly ShippedCase[], now: number): void {
      for (const each of cases) judge(each, now);
    },

    /** The last order of a customer that was delivered to an address that was no longer the current one in Postgres. */
    lateOrderOf: (customerId: number): string | undefined => late.peek(customerId),

    figures: () => ({ ...counts, pending: pending.length }),
  };
}

const hasPlaceholder = (shipment: Extract<Shipment, { status: 'delivered' }>): boolean =>
  [shipment.first_name, shipment.last_name, shipment.zipcode, shipment.country, shipment.address].includes(placeholder);
