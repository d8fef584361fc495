import { parseJsonBytes } from '@shop/common';

/** A message, or a field of it, that ksqlDB's JSON format refuses: the whole message is left out. */
export class NotRead extends Error {}

export function readObject(value: Buffer): object {
  let parsed: unknown;
  try {
    parsed = parseJsonBytes(value);
  } catch (cause) {
    throw new NotRead('no JSON that ksqlDB reads', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new NotRead('no object');
  return parsed;
}

/** A field by the name of its column: case does not matter to ksqlDB. Null when it is missing. */
export function readField(body: object, column: string): unknown {
  const exact = Object.getOwnPropertyDescriptor(body, column);
  if (exact) return exact.value ?? null;
  for (const [name, value] of Object.entries(body)) if (name.toLowerCase() === column) return value ?? null;
  return null;
}

/** BIGINT takes numbers, without what follows the point, and texts that are whole numbers. */
export function readBigint(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return Number(value);
  throw new NotRead('no whole number');
}

/** DOUBLE takes numbers and texts of numbers. */
export function readDouble(value: unknown): number | null {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
  throw new NotRead('no number');
}

/** VARCHAR takes everything; what is no text becomes its JSON. */
export function readVarchar(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
