import { BIGINT, type Field, type SqlType } from '../types/sql-type.ts';
import { exactInteger, isObject, toInt32, type Value, type ValueObject } from '../types/value.ts';
import { writeJson } from './exact-json.ts';

/** A record that does not fit the declared columns. ksqlDB skips it. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}

type Reader = (json: Value) => Value;

const mismatch = (type: string, json: Value): never => {
  throw new UnreadableRecord(
    `Can't convert type. sourceType: ${Array.isArray(json) ? 'array' : typeof json}, requiredType: ${type}`,
  );
};

function integerOf(type: 'INTEGER' | 'BIGINT', json: Value): number | bigint {
  if (typeof json === 'number')
    return Number.isSafeInteger(json)
      ? json
      : Number.isFinite(json)
        ? exactInteger(BigInt(Math.trunc(json)))
        : mismatch(type, json);
  if (typeof json === 'bigint') return exactInteger(json);
  if (typeof json !== 'string' || !/^[+-]?\d{1,19}$/.test(json)) return mismatch(type, json);
  const value = BigInt(json.replace('+', ''));
  const bits = type === 'INTEGER' ? 32 : 64;
  return BigInt.asIntN(bits, value) === value ? exactInteger(value) : mismatch(type, json);
}

/** Java's List.toString(): `[1, 2]`. */
function javaText(json: Value): string {
  if (Array.isArray(json)) return `[${json.map(javaText).join(', ')}]`;
  if (json !== null && isObject(json))
    return `{${Object.entries(json)
      .map(([name, value]) => `${name}=${javaText(value)}`)
      .join(', ')}}`;
  return String(json);
}

function textOf(json: Value): string {
  if (typeof json === 'string') return json;
  if (Array.isArray(json)) return javaText(json);
  return json !== null && isObject(json) ? writeJson(json) : String(json);
}

function decimalOf(json: Value, precision: number, scale: number): number {
  const number =
    typeof json === 'number' ? json : typeof json === 'string' && json.trim() !== '' ? Number(json) : Number.NaN;
  if (Number.isNaN(number) || Math.abs(number) >= 10 ** (precision - scale)) return mismatch('DECIMAL', json);
  return Number(number.toFixed(scale));
}

/** Reads a struct's fields by name. An upper-case name also matches in any case. */
export function structReader(fields: readonly Field[]): (json: ValueObject) => Value[] {
  const readers = fields.map(({ name, type }) => ({ name, read: jsonReader(type) }));
  return (json) => {
    let upper: Map<string, string> | undefined;
    return readers.map(({ name, read }) => {
      let value = json[name];
      if (value === undefined) {
        upper ??= new Map(Object.keys(json).map((key) => [key.toUpperCase(), key]));
        const key = upper.get(name);
        value = key === undefined ? null : json[key];
      }
      return value === undefined ? null : read(value);
    });
  };
}

/** Converts parsed JSON to the type, with exactly ksqlDB's conversions. */
export function jsonReader(type: SqlType): Reader {
  const read = strictReader(type);
  return (json) => (json === null ? null : read(json));
}

function strictReader(type: SqlType): Reader {
  switch (type.base) {
    case 'BOOLEAN':
      return (json) => (typeof json === 'boolean' ? json : mismatch('BOOLEAN', json));
    case 'INTEGER':
      return (json) => toInt32(integerOf('INTEGER', json));
    case 'BIGINT':
      return (json) => (typeof json === 'number' && Number.isSafeInteger(json) ? json : integerOf('BIGINT', json));
    case 'DOUBLE':
      return (json) => {
        if (typeof json === 'number') return json;
        if (typeof json === 'bigint') return Number(json);
        const number = typeof json === 'string' && json.trim() !== '' ? Number(json) : Number.NaN;
        return Number.isNaN(number) ? mismatch('DOUBLE', json) : number;
      };
    case 'DECIMAL':
      return (json) => decimalOf(json, type.precision, type.scale);
    case 'STRING':
      return textOf;
    case 'BYTES':
      return (json) => (typeof json === 'string' ? json : mismatch('BYTES', json));
    case 'TIMESTAMP':
    case 'DATE':
    case 'TIME':
      return jsonReader(BIGINT);
    case 'ARRAY': {
      const element = jsonReader(type.element);
      return (json) => (Array.isArray(json) ? json.map(element) : mismatch('ARRAY', json));
    }
    case 'MAP': {
      const value = jsonReader(type.value);
      return (json) =>
        isObject(json)
          ? Object.fromEntries(Object.entries(json).map(([key, entry]) => [key, value(entry)]))
          : mismatch('MAP', json);
    }
    case 'STRUCT': {
      const fields = structReader(type.fields);
      return (json) => {
        if (!isObject(json)) return mismatch('STRUCT', json);
        const values = fields(json);
        return Object.fromEntries(type.fields.map(({ name }, i) => [name, values[i] ?? null]));
      };
    }
  }
}
