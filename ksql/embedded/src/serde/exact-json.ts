import type { Value } from '../types/value.ts';

const integerMark = '\u0000integer:';

/**
 * JSON.parse that does not round integers above 2^53: those come as bigint. Only texts with so many digits in a row
 * take the slow way.
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

/** Beyond 64 bits it is kept as a bigint, uncut; who reads a BIGINT from it cuts it as Java does. */
function readInteger(digits: string): number | bigint {
  const value = BigInt(digits);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** JSON.stringify that knows bigint. */
export function writeJson(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  // As Java's Jackson writes what JSON has no numbers for.
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${JSON.stringify(name)}:${writeJson(field)}`)
    .join(',')}}`;
}
