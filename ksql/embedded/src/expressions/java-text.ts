import { doubleText } from '../types/double-text.ts';
import type { SqlType } from '../types/sql-type.ts';
import { isTime, timeText } from '../types/times.ts';
import { isObject, type Value } from '../types/value.ts';

/** Java's toString() of a value: `[1, 2]`, `{a=1}`, `Struct{CITY=Oslo}`. */
export function javaText(value: Value, type: SqlType): string {
  if (value === null) return 'null';
  switch (type.base) {
    case 'DOUBLE':
      return doubleText(Number(value));
    case 'DECIMAL':
      return Number(value).toFixed(type.scale);
    case 'ARRAY':
      return Array.isArray(value) ? `[${value.map((element) => javaText(element, type.element)).join(', ')}]` : '';
    case 'MAP':
      return isObject(value)
        ? `{${Object.entries(value)
            .map(([key, each]) => `${key}=${javaText(each, type.value)}`)
            .join(', ')}}`
        : '';
    case 'STRUCT':
      return isObject(value)
        ? `Struct{${type.fields
            .filter(({ name }) => (value[name] ?? null) !== null)
            .map((field) => `${field.name}=${javaText(value[field.name] ?? null, field.type)}`)
            .join(',')}}`
        : '';
    default:
      return isTime(type) ? timeText(type.base, Number(value)) : String(value);
  }
}
