/**
 * A column's value. INTEGER and DOUBLE are numbers. A BIGINT is a number if that is exact, else a bigint. TIMESTAMP,
 * DATE and TIME are numbers as in Kafka Connect (milliseconds, days, milliseconds). DECIMAL is a number of at most 15
 * digits, BYTES is base64 text, and STRUCT and MAP are objects.
 */
export type Value = null | boolean | number | bigint | string | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [name: string]: Value;
}

/** A row in the order of its schema's columns. */
export type Row = readonly Value[];

export const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Converts a BIGINT to its only representation, a number if that is exact. So equal values are identical. */
export function exactInteger(value: bigint): number | bigint {
  const wrapped = BigInt.asIntN(64, value);
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
}

/** Java's intValue(): truncates to 32 bits. */
export const toInt32 = (value: number | bigint): number =>
  typeof value === 'bigint'
    ? Number(BigInt.asIntN(32, value))
    : Number.isSafeInteger(value)
      ? value | 0
      : Number(BigInt.asIntN(32, BigInt(Math.trunc(value))));

/** Java's compareTo for two values of one type. Like Java, compares text by UTF-16 code units. */
export function compareValues(left: Value, right: Value): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Java's String.hashCode(). */
function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * Builds a MAP in the iteration order of a Java HashMap with this initial capacity. A later entry replaces an earlier
 * one.
 */
export function mapInJavaOrder(entries: readonly (readonly [string, Value])[], capacity = 16): ValueObject {
  const unique = [...new Map(entries)];
  let buckets = 1;
  while (buckets < capacity) buckets *= 2;
  while (unique.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (key: string): number => {
    const hash = javaHash(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return Object.fromEntries(unique.sort(([a], [b]) => bucketOf(a) - bucketOf(b)));
}

export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, i) => sameValue(value, right[i] ?? null));
  }
  if (left !== null && right !== null && isObject(left) && isObject(right)) {
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && sameValue(left[name] ?? null, right[name] ?? null))
    );
  }
  // A number and a bigint are never equal, because exactInteger has one representation per value.
  return false;
}
