import { fingerprint } from '../fingerprint.ts';

/** The columns of customers that a shipment repeats. */
export const addressColumns = ['first_name', 'last_name', 'zipcode', 'country', 'address'] as const;

/** Stands for a null. All columns are NOT NULL in Postgres, so a row with a null differs from every row there. */
const nullText = '\0';

/** Fingerprint of a row of customers, or of what a shipment repeats of one. The audit does not keep the row itself. */
export const rowFingerprint = (row: Record<(typeof addressColumns)[number], string | null>): number =>
  fingerprint(JSON.stringify(addressColumns.map((column) => row[column] ?? nullText)));

/** Fingerprints of rows, by customer id. */
export type RowFingerprints = ReadonlyMap<number, number>;
