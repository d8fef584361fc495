import { doubleText } from '../types/double-text.ts';
import type { SqlType } from '../types/sql-type.ts';
import { isTime, timeText } from '../types/times.ts';
import { isObject, type Value } from '../types/value.ts';
import { writeJson } from './exact-json.ts';

/** How to write times: as text in answers, as numbers in records. */
export type TimesAs = 'text' | 'number';

/** Writes a value as JSON with ksqlDB's number formats: a DOUBLE as 5.0 or 1.0E10, a DECIMAL with all digits. */
export function jsonWriter(type: SqlType, times: TimesAs): (value: Value) => string {
  const write = presentWriter(type, times);
  return (value) => (value === null ? 'null' : write(value));
}

function presentWriter(type: SqlType, times: TimesAs): (value: Value) => string {
  switch (type.base) {
    case 'DOUBLE':
      // ksqlDB writes infinity and NaN as text.
      return (value) => (Number.isFinite(Number(value)) ? doubleText(Number(value)) : `"${value}"`);
    case 'DECIMAL':
      return (value) => Number(value).toFixed(type.scale);
    case 'ARRAY': {
      const element = jsonWriter(type.element, times);
      return (value) => (Array.isArray(value) ? `[${value.map(element).join(',')}]` : 'null');
    }
    case 'MAP': {
      const entry = jsonWriter(type.value, times);
      return (value) =>
        isObject(value)
          ? `{${Object.entries(value)
              .map(([key, each]) => `${JSON.stringify(key)}:${entry(each)}`)
              .join(',')}}`
          : 'null';
    }
    case 'STRUCT':
      return structWriter(type.fields, times);
    default:
      return isTime(type) && times === 'text' ? (value) => `"${timeText(type.base, Number(value))}"` : writeJson;
  }
}

function structWriter(fields: readonly { name: string; type: SqlType }[], times: TimesAs): (value: Value) => string {
  const writers = fields.map(({ name, type }) => ({
    name,
    start: `${JSON.stringify(name)}:`,
    write: jsonWriter(type, times),
  }));
  return (value) =>
    isObject(value)
      ? `{${writers.map(({ name, start, write }) => start + write(value[name] ?? null)).join(',')}}`
      : 'null';
}
