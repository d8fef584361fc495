import { parseJsonBytes } from '@shop/common';

/** ksqlDB's JSON format rejects the message or one of its columns. ksqlDB skips the whole message. */
export class UnreadableColumn extends Error {}

export function readObject(value: Buffer): object {
  let parsed: unknown;
  try {
    parsed = parseJsonBytes(value);
  } catch (cause) {
    throw new UnreadableColumn('not JSON that ksqlDB reads', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UnreadableColumn('not an object');
  return parsed;
}

/** Reads a field by the name of its column, which ksqlDB matches without regard to case. @returns null when it is missing */
export function readField(body: object, column: string): unknown {
  const exact = Object.getOwnPropertyDescriptor(body, column);
  if (exact) return exact.value ?? null;
  for (const [name, value] of Object.entries(body)) if (name.toLowerCase() === column) return value ?? null;
  return null;
}

/** BIGINT accepts numbers, whose fraction it drops, and texts of whole numbers. */
export function readBigint(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return Number(value);
  throw new UnreadableColumn('not a whole number');
}

/** DOUBLE accepts numbers and texts of numbers. */
export function readDouble(value: unknown): number | null {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
  throw new UnreadableColumn('not a number');
}

/** VARCHAR accepts everything. A value that is not a text becomes its JSON. */
export function readVarchar(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
