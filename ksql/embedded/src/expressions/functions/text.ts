import { BOOLEAN, INTEGER, type SqlType, STRING } from '../../types/sql-type.ts';
import { mapInJavaOrder, type Value } from '../../types/value.ts';
import { type Overload, overload } from './signature.ts';

const stringArray: SqlType = { base: 'ARRAY', element: STRING };

/** SUBSTRING: positions start at 1, negative ones count from the end, and both are clamped to the text. */
function substring(text: string, position: number, length = text.length): string {
  const start = position < 0 ? Math.max(text.length + position, 0) : Math.max(Math.min(position - 1, text.length), 0);
  return text.slice(start, Math.max(start, Math.min(start + length, text.length)));
}

/** Maximum length of padded text; a longer result is null, because Java cannot hold it either. */
const maxCharacters = 2 ** 28;

function pad(text: string, size: number, filler: string, left: boolean): string | null {
  if (filler === '' || size < 0 || size > maxCharacters) return null;
  return left ? text.slice(0, size).padStart(size, filler) : text.slice(0, size).padEnd(size, filler);
}

/** INSTR: the position of the nth occurrence, from 1. A negative `from` searches backwards from the end. */
function place(text: string, part: string, from = 1, nth = 1): number {
  if (from === 0 || nth < 1) return 0;
  const step = from > 0 ? 1 : -1;
  if (text === '') return 0;
  let at = from > 0 ? from - 1 : text.length + from;
  for (let found = 0; ; at += step) {
    at = step > 0 ? text.indexOf(part, at) : at < 0 ? -1 : text.lastIndexOf(part, at);
    if (at < 0) return 0;
    found += 1;
    if (found === nth) return at + 1;
  }
}

const instr = (...args: Value[]): Value => {
  const [text, part, from, nth] = args;
  if (args.includes(null)) return 0;
  return place(String(text), String(part), from === undefined ? 1 : Number(from), nth === undefined ? 1 : Number(nth));
};

function splitToMap(text: string, between: string, inside: string): Value {
  if (between === '' || inside === '') return null;
  const pairs = text.split(between).map((pair) => pair.split(inside));
  return mapInJavaOrder(pairs.filter(({ length }) => length === 2).map(([key = '', value = '']) => [key, value]));
}

/** Java's trim: removes only blanks and control characters. */
const trim = (text: string): string => text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '');

/** Capitalises each word and drops leading blanks. */
const initCap = (text: string): string =>
  [...text.toLowerCase().matchAll(/(\S)(\S*\s*)/g)]
    .map(([, first = '', rest = '']) => first.toUpperCase() + rest)
    .join('');

function character(code: Value): string | null {
  if (typeof code === 'number') return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
  const text = String(code);
  if (text.length < 6 || !text.startsWith('\\u')) return null;
  return text.replace(/\\u([\da-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

export const textFunctions: Readonly<Record<string, readonly Overload[]>> = {
  UCASE: [overload(['STRING'], STRING, (text) => String(text).toUpperCase())],
  LCASE: [overload(['STRING'], STRING, (text) => String(text).toLowerCase())],
  INITCAP: [overload(['STRING'], STRING, (text) => initCap(String(text)))],
  LEN: [
    overload(['STRING'], INTEGER, (text) => String(text).length),
    overload(['BYTES'], INTEGER, (bytes) => Buffer.from(String(bytes), 'base64').length),
  ],
  TRIM: [overload(['STRING'], STRING, (text) => trim(String(text)))],
  CONCAT: [
    overload(['STRING'], STRING, (...parts) => parts.filter((part) => part !== null).join(''), {
      variadic: true,
      takesNull: true,
    }),
  ],
  CONCAT_WS: [
    overload(
      ['STRING', 'STRING'],
      STRING,
      (separator, ...parts) =>
        separator === null || parts.length === 0 ? null : parts.filter((part) => part !== null).join(String(separator)),
      {
        variadic: true,
        takesNull: true,
      },
    ),
  ],
  SUBSTRING: [
    overload(['STRING', 'INTEGER'], STRING, (text, position) => substring(String(text), Number(position))),
    overload(['STRING', 'INTEGER', 'INTEGER'], STRING, (text, position, length) =>
      substring(String(text), Number(position), Number(length)),
    ),
  ],
  REPLACE: [
    overload(['STRING', 'STRING', 'STRING'], STRING, (text, old, next) =>
      String(text).replaceAll(String(old), () => String(next)),
    ),
  ],
  LPAD: [
    overload(['STRING', 'INTEGER', 'STRING'], STRING, (text, size, filler) =>
      pad(String(text), Number(size), String(filler), true),
    ),
  ],
  RPAD: [
    overload(['STRING', 'INTEGER', 'STRING'], STRING, (text, size, filler) =>
      pad(String(text), Number(size), String(filler), false),
    ),
  ],
  INSTR: [
    overload(['STRING', 'STRING'], INTEGER, instr, { takesNull: true }),
    overload(['STRING', 'STRING', 'INTEGER'], INTEGER, instr, { takesNull: true }),
    overload(['STRING', 'STRING', 'INTEGER', 'INTEGER'], INTEGER, instr, { takesNull: true }),
  ],
  SPLIT: [
    overload(['STRING', 'STRING'], stringArray, (text, separator) =>
      text === '' ? [''] : String(text).split(String(separator)),
    ),
  ],
  SPLIT_TO_MAP: [
    overload(['STRING', 'STRING', 'STRING'], { base: 'MAP', key: STRING, value: STRING }, (text, between, inside) =>
      splitToMap(String(text), String(between), String(inside)),
    ),
  ],
  ELT: [
    overload(['INTEGER', 'STRING'], STRING, (at, ...texts) => texts[Number(at) - 1] ?? null, {
      variadic: true,
      takesNull: true,
    }),
  ],
  FIELD: [
    overload(['STRING', 'STRING'], INTEGER, (text, ...texts) => (text === null ? 0 : texts.indexOf(text ?? null) + 1), {
      variadic: true,
      takesNull: true,
    }),
  ],
  CHR: [
    overload(['INTEGER'], STRING, (code) => character(code ?? null)),
    overload(['STRING'], STRING, (code) => character(code ?? null)),
  ],
  IS_JSON_STRING: [
    overload(['STRING'], BOOLEAN, (text) => startsWithJson(text === null ? '' : String(text)), { takesNull: true }),
  ],
};

/** Whether the text starts with a JSON value. As in ksqlDB, anything may follow, but only a blank after a bare word. */
function startsWithJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const [, at] = /after JSON at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    return at !== undefined && /[\s\]}"]/.test(text.charAt(Number(at) - 1));
  }
}
