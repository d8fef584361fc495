import type { Shipment } from '@shop/common';
import { createCustomerHistory, type HistoryChange } from '../../src/addresses/customer-history.ts';
import { readPublishedRow } from '../../src/addresses/customers-table-row.ts';
import { createFreshness } from '../../src/addresses/freshness.ts';
import { createShownRows } from '../../src/addresses/ksqldb-rows.ts';
import { createShipmentCourt } from '../../src/addresses/shipment-verifier.ts';
import { atMs, shipmentOf, tableRecord, topicNames } from './records.ts';

export const targetMs = 5_000;

export interface Look {
  /** ms after noon, by the instance's clock */
  startedAt?: number;
  answeredAt: number;
  instance?: string;
}

/** A court with all that it judges by. Orders are those of partition 0, one after the other. */
export function openCourt(changes: readonly HistoryChange[] = []) {
  const history = createCustomerHistory();
  const shown = createShownRows(history.of);
  const freshness = createFreshness(targetMs);
  const court = createShipmentCourt({ history, shown, freshness, topic: topicNames.shipments });
  for (const change of changes) history.add(change);
  history.forgetUpTo(0);
  let offset = 0;

  return {
    history,
    shown,
    court,
    freshness,
    /** ksqlDB publishes a row, and the audit reads it; `address` undefined for a deleted customer. */
    publish(id: number, address?: string) {
      const row = readPublishedRow(tableRecord({ offset: 0 }, id, address));
      if (row) shown.publish(row.id, row.print, 0);
    },
    /** Orders shipped from now on are placed after what was read. */
    mark: () => shown.mark(shown.read, new Map([[0, offset]])),
    ship(look: number | Look, change: Partial<Shipment>) {
      const { startedAt, answeredAt, instance }: Look = typeof look === 'number' ? { answeredAt: look } : look;
      const shipment = shipmentOf(`o${offset}`, { partition: 0, offset }, {
        looked_up_at: new Date(atMs(answeredAt)).toISOString(),
        ...(startedAt !== undefined && { lookup_started_at: new Date(atMs(startedAt)).toISOString() }),
        ...(instance !== undefined && { looked_up_by: instance }),
        ...change,
      } as Partial<Shipment>);
      court.file(shipment, { partition: 0, offset: offset++ }, 0);
    },
    problems() {
      court.judgeAll(court.takePending(), Date.now());
      return [...court.addresses.first, ...court.deleted.first].map(({ problem }) => problem);
    },
  };
}
