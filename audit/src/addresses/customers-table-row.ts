import { customerTableRow, readJson, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import type { TopicRecord } from '../kafka/topic-record.ts';
import { printOf } from './customer-history.ts';

/** A row of ksqlDB's table CUSTOMERS, as its topic has it. */
export interface PublishedRow {
  id: number;
  /** `null`: deleted. */
  print: number | null;
  /** When the connector handled the change, ms since 1970. */
  changedAt: number;
}

const key = z.int();

/** @returns nothing for what is no row of the table */
export function readPublishedRow(record: Pick<TopicRecord, 'key' | 'value'>): PublishedRow | undefined {
  try {
    const id = readJson(record.key, key);
    const columns = readJson(record.value, customerTableRow);
    const print =
      columns.OP === 'd'
        ? null
        : printOf({
            first_name: columns.FIRST_NAME ?? '\0',
            last_name: columns.LAST_NAME ?? '\0',
            zipcode: columns.ZIPCODE ?? '\0',
            country: columns.COUNTRY ?? '\0',
            address: columns.ADDRESS ?? '\0',
          });
    return { id, print, changedAt: columns.CHANGED_AT ?? 0 };
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}
