import { customerTableRow, readJson, type TopicRecord, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import { rowFingerprint } from '../customers/row-fingerprint.ts';

/** A row in the topic of ksqlDB's table CUSTOMERS. */
interface CustomersTableRow {
  id: number;
  /** Fingerprint of the row; null when the customer was deleted. */
  row: number | null;
  /** When the connector handled the change, ms since 1970. */
  changedAt: number;
}

const key = z.int();

/** @returns undefined when the record is no row of the table */
export function readCustomersTableRow(record: Pick<TopicRecord, 'key' | 'value'>): CustomersTableRow | undefined {
  try {
    const id = readJson(record.key, key);
    const columns = readJson(record.value, customerTableRow);
    const row =
      columns.OP === 'd'
        ? null
        : rowFingerprint({
            first_name: columns.FIRST_NAME ?? null,
            last_name: columns.LAST_NAME ?? null,
            zipcode: columns.ZIPCODE ?? null,
            country: columns.COUNTRY ?? null,
            address: columns.ADDRESS ?? null,
          });
    return { id, row, changedAt: columns.CHANGED_AT ?? 0 };
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}
