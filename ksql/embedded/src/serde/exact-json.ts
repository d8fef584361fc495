import type { Value } from '../types/value.ts';

const integerMark = '\u0000integer:';

/**
 * Parses JSON with integers above 2^53 as bigint. Only a text with 16 digits in a row takes the slow path.
 */
export function parseJson(text: string): Value {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Value;
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') || !/^-?\d{16,}$/.test(token)
      ? token
      : `"${integerMark.replace('\u0000', '\\u0000')}${token}"`,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(integerMark) ? readInteger(value.slice(integerMark.length)) : value,
  ) as Value;
}

/** Reads an integer. One of more than 64 bits stays whole; a reader of BIGINT truncates it as Java does. */
function readInteger(digits: string): number | bigint {
  const value = BigInt(digits);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** JSON.stringify with support for bigint. */
export function writeJson(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  // Jackson writes NaN and Infinity as text.
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${JSON.stringify(name)}:${writeJson(field)}`)
    .join(',')}}`;
}
