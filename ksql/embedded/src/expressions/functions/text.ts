import { BOOLEAN, INTEGER, type SqlType, STRING } from '../../types/sql-type.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const STRINGS: SqlType = { base: 'ARRAY', element: STRING };

/** Positions count from 1, from the end with negative numbers, and are kept inside the text. */
function substring(text: string, position: number, length = text.length): string {
  const start = position < 0 ? Math.max(text.length + position, 0) : Math.max(Math.min(position - 1, text.length), 0);
  return text.slice(start, Math.max(start, Math.min(start + length, text.length)));
}

function pad(text: string, size: number, filler: string, left: boolean): string | null {
  if (filler === '' || size < 0) return null;
  return left ? text.slice(0, size).padStart(size, filler) : text.slice(0, size).padEnd(size, filler);
}

/** Java's and JavaScript's patterns agree on what a shop writes; one that JavaScript cannot read gives null. */
function pattern(text: string, flags = ''): RegExp {
  try {
    return new RegExp(text, `${flags}u`);
  } catch (cause) {
    throw new EvaluationError(`not a pattern: ${text}`, { cause });
  }
}

const initCap = (text: string): string =>
  text.toLowerCase().replace(/(^|\s)(\S)/g, (_, space: string, letter: string) => space + letter.toUpperCase());

export const TEXT_FUNCTIONS: Readonly<Record<string, readonly Overload[]>> = {
  UCASE: [overload(['STRING'], STRING, (text) => String(text).toUpperCase())],
  LCASE: [overload(['STRING'], STRING, (text) => String(text).toLowerCase())],
  INITCAP: [overload(['STRING'], STRING, (text) => initCap(String(text)))],
  LEN: [overload(['STRING'], INTEGER, (text) => String(text).length)],
  TRIM: [overload(['STRING'], STRING, (text) => String(text).trim())],
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
        separator === null ? null : parts.filter((part) => part !== null).join(String(separator)),
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
  INSTR: [overload(['STRING', 'STRING'], INTEGER, (text, part) => String(text).indexOf(String(part)) + 1)],
  SPLIT: [overload(['STRING', 'STRING'], STRINGS, (text, separator) => String(text).split(String(separator)))],
  REGEXP_REPLACE: [
    overload(['STRING', 'STRING', 'STRING'], STRING, (text, regexp, next) =>
      String(text).replace(pattern(String(regexp), 'g'), String(next)),
    ),
  ],
  REGEXP_EXTRACT: [
    overload(['STRING', 'STRING'], STRING, (regexp, text) => pattern(String(regexp)).exec(String(text))?.[0] ?? null),
    overload(
      ['STRING', 'STRING', 'INTEGER'],
      STRING,
      (regexp, text, group) => pattern(String(regexp)).exec(String(text))?.[Number(group)] ?? null,
    ),
  ],
  CHR: [overload(['INTEGER'], STRING, (code) => String.fromCodePoint(Number(code)))],
  IS_JSON_STRING: [
    overload(['STRING'], BOOLEAN, (text) => isJson(text === null ? '' : String(text)), { takesNull: true }),
  ],
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
