import type { Shipment } from '@shop/common';
import { createCustomerHistory, type HistoryChange } from '../../src/addresses/customer-history.ts';
import { readCustomersTableRow } from '../../src/addresses/customers-table-row.ts';
import { createFreshness } from '../../src/addresses/freshness.ts';
import { createKsqldbRows } from '../../src/addresses/ksqldb-rows.ts';
import { createShipmentVerifier } from '../../src/addresses/shipment-verifier.ts';
import { atMs, shipmentOf, tableRecord, topicNames } from './records.ts';

const targetMs = 5_000;

export interface LookUpTimes {
  /** ms after noon, by the instance's clock */
  startedAt?: number;
  answeredAt: number;
  instance?: string;
}

/** Opens a shipment verifier and everything that it needs. Orders are those of partition 0, one after the other. */
export function openVerifier(changes: readonly HistoryChange[] = []) {
  const history = createCustomerHistory(() => 0);
  const ksqldbRows = createKsqldbRows(history.versionsOf);
  const freshness = createFreshness(targetMs);
  const verifier = createShipmentVerifier({
    history,
    ksqldbRows,
    freshness,
    shipmentsTopic: topicNames.shipments,
  });
  for (const change of changes) history.add(change);
  history.setForgottenId(0);
  let offset = 0;

  return {
    history,
    ksqldbRows,
    verifier,
    freshness,
    /** ksqlDB publishes a row, and the audit reads it; `address` undefined for a deleted customer. */
    publish(id: number, address?: string) {
      const row = readCustomersTableRow(tableRecord({ offset: 0 }, id, address));
      if (row) ksqldbRows.addPublished(row.id, row.row, 0);
    },
    /** Orders shipped from now on were placed after the rows that were read. */
    checkpoint: () => ksqldbRows.addCheckpoint(ksqldbRows.read, new Map([[0, offset]])),
    ship(lookUp: number | LookUpTimes, change: Partial<Shipment>) {
      const { startedAt, answeredAt, instance }: LookUpTimes =
        typeof lookUp === 'number' ? { answeredAt: lookUp } : lookUp;
      const shipment = shipmentOf(`o${offset}`, { partition: 0, offset }, {
        looked_up_at: new Date(atMs(answeredAt)).toISOString(),
        ...(startedAt !== undefined && { lookup_started_at: new Date(atMs(startedAt)).toISOString() }),
        ...(instance !== undefined && { looked_up_by: instance }),
        ...change,
      } as Partial<Shipment>);
      verifier.add(shipment, { partition: 0, offset: offset++ }, 0);
    },
    problems() {
      verifier.verifyAll(verifier.takePending(), Date.now());
      return [...verifier.addressFindings.first, ...verifier.deletedFindings.first].map(({ problem }) => problem);
    },
  };
}
