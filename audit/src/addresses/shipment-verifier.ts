import type { Shipment, TopicRecord } from '@shop/common';
import { LRUCache } from 'lru-cache';
import { rowFingerprint } from '../customers/row-fingerprint.ts';
import { createFindings, type Findings } from '../findings/findings.ts';
import type { CustomerHistory } from './customer-history.ts';
import type { Freshness } from './freshness.ts';
import type { KsqldbRows } from './ksqldb-rows.ts';
import { type ShipmentCase, type Verdict, verifyShipment } from './verify-shipment.ts';

interface ShipmentVerifierPlan {
  history: CustomerHistory;
  ksqldbRows: KsqldbRows;
  freshness: Freshness;
  shipmentsTopic: string;
}

/** Most shipments that wait for their check while Postgres does not answer. Beyond that, the oldest are not checked. */
const mostPending = 200_000;
/** Most customers whose last delivery to a former address is remembered. */
const mostLate = 10_000;

/** Debezium writes it for a long column that an update did not touch. */
const placeholder = '__debezium_unavailable_value';

export type ShipmentVerifier = ReturnType<typeof createShipmentVerifier>;

/** Checks shipments against Postgres' history of their customers and against the rows that ksqlDB had (P3, P4). */
export function createShipmentVerifier({ history, ksqldbRows, freshness, shipmentsTopic }: ShipmentVerifierPlan) {
  const addressFindings: Findings = createFindings();
  const deletedFindings: Findings = createFindings();
  const counts = { delivered: 0, undeliverable: 0, beyond_history: 0 };
  const late = new LRUCache<number, string>({ max: mostLate });
  let pending: ShipmentCase[] = [];

  function verify(shipped: ShipmentCase): Verdict {
    if (shipped.hasPlaceholder) return { ok: false, problem: 'placeholder_shipped', detail: placeholder };
    const { customerId, orderPartition: partition, orderOffset: offset, instance, startedAt } = shipped;
    const oldestAllowed = ksqldbRows.oldestAllowed({ customerId, partition, offset, instance, startedAt });
    return verifyShipment(shipped, history.readKnown(customerId), oldestAllowed);
  }

  function record(shipped: ShipmentCase, verdict: Verdict, now: number): void {
    if (verdict.ok === undefined) {
      counts.beyond_history += 1;
      return;
    }
    const isDelivered = typeof shipped.outcome === 'number';
    counts[isDelivered ? 'delivered' : 'undeliverable'] += 1;
    if (verdict.ok) {
      if (verdict.staleMs !== undefined) freshness.add(verdict.staleMs, now);
      if (verdict.staleMs) late.set(shipped.customerId, shipped.orderId);
      return;
    }
    (isDelivered && verdict.problem !== 'shipped_to_deleted' ? addressFindings : deletedFindings).add({
      problem: verdict.problem,
      order_id: shipped.orderId,
      customer_id: shipped.customerId,
      topic: shipmentsTopic,
      partition: shipped.partition,
      offset: shipped.offset,
      ...(verdict.detail !== undefined && { detail: verdict.detail }),
    });
  }

  return {
    /** Violations of P3. */
    addressFindings,
    /** Violations of P4. */
    deletedFindings,

    /** @param at observed time, ms */
    add(shipment: Shipment, { partition, offset }: Pick<TopicRecord, 'partition' | 'offset'>, at: number): void {
      const { customer_id: customerId, looked_up_by: instance } = shipment;
      const outcome = shipment.status === 'delivered' ? rowFingerprint(shipment) : shipment.reason;
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
      const row = outcome === 'customer_deleted' ? null : outcome;
      ksqldbRows.addAnswer(customerId, row, { instance, answeredAt: lookedUpAt }, at);
    },

    /** Shipments that wait for their check. Take them before the history is read. */
    takePending(): ShipmentCase[] {
      const taken = pending;
      pending = [];
      return taken;
    },

    /** Returns shipments to be checked later, because the history could not be read. */
    putBack(cases: readonly ShipmentCase[]): void {
      pending = [...cases, ...pending];
    },

    /** Checks shipments that were taken before the history was read. @param now ms since 1970 */
    verifyAll(cases: readonly ShipmentCase[], now: number): void {
      for (const shipped of cases) record(shipped, verify(shipped), now);
    },

    /** The last order that was delivered to an address of this customer that was no longer current in Postgres. */
    lateOrderOf: (customerId: number): string | undefined => late.peek(customerId),

    figures: () => ({ ...counts, pending: pending.length }),
  };
}

const hasPlaceholder = (shipment: Extract<Shipment, { status: 'delivered' }>): boolean =>
  [shipment.first_name, shipment.last_name, shipment.zipcode, shipment.country, shipment.address].includes(placeholder);
