import { isUtf8 } from 'node:buffer';
import { isNestedTooDeeply, maxNesting } from '@shop/common';
import type { Column } from '../types/schema.ts';
import type { SqlType } from '../types/sql-type.ts';
import { exactInteger, isObject, type Row, type Value } from '../types/value.ts';
import { parseJson } from './exact-json.ts';
import { jsonReader, structReader, UnreadableRecord } from './read-json.ts';
import { jsonWriter } from './typed-json.ts';

export type FormatName = 'JSON' | 'KAFKA' | 'NONE';

/** Serialises and parses the columns of a record's key or value. */
export interface Format {
  read(bytes: Buffer): Value[];
  write(values: Row): Buffer | null;
}

/** The key's format. A key with one column is a bare value, not an object. */
export function keyFormat(name: FormatName, columns: readonly Column[]): Format {
  const [only] = columns;
  if (only === undefined || name === 'NONE') return { read: () => [], write: () => null };
  return name === 'KAFKA' ? kafkaFormat(only.type) : columns.length === 1 ? jsonScalar(only.type) : jsonObject(columns);
}

export function valueFormat(name: FormatName, columns: readonly Column[]): Format {
  const [only] = columns;
  return name === 'KAFKA' && only !== undefined ? kafkaFormat(only.type) : jsonObject(columns);
}

function jsonObject(columns: readonly Column[]): Format {
  const read = structReader(columns);
  const writers = columns.map(({ name, type }) => ({
    start: `${JSON.stringify(name)}:`,
    write: jsonWriter(type, 'number'),
  }));
  return {
    read(bytes) {
      const json = parseBytes(bytes);
      if (json === null || !isObject(json)) throw new UnreadableRecord('the record is not a JSON object');
      return read(json);
    },
    write: (values) =>
      Buffer.from(`{${writers.map(({ start, write }, i) => start + write(values[i] ?? null)).join(',')}}`),
  };
}

function jsonScalar(type: SqlType): Format {
  const read = jsonReader(type);
  const write = jsonWriter(type, 'number');
  return {
    read: (bytes) => [read(parseBytes(bytes))],
    write: ([value]) => (value === null || value === undefined ? null : Buffer.from(write(value))),
  };
}

function parseBytes(bytes: Buffer): Value {
  if (!isUtf8(bytes)) throw new UnreadableRecord('the record is not UTF-8');
  const text = bytes.toString('utf8');
  if (isNestedTooDeeply(text)) throw new UnreadableRecord(`the record is nested deeper than ${maxNesting} levels`);
  try {
    return parseJson(text);
  } catch (cause) {
    throw new UnreadableRecord('the record is not JSON', { cause });
  }
}

/** Kafka's serialisers: fixed-width big-endian numbers, UTF-8 text. */
function kafkaFormat(type: SqlType): Format {
  const fixed = (
    width: number,
    read: (bytes: Buffer) => Value,
    write: (bytes: Buffer, value: Value) => void,
  ): Format => ({
    read(bytes) {
      if (bytes.length !== width) throw new UnreadableRecord(`Size of data received is not ${width}`);
      return [read(bytes)];
    },
    write([value]) {
      if (value === null || value === undefined) return null;
      const bytes = Buffer.alloc(width);
      write(bytes, value);
      return bytes;
    },
  });
  switch (type.base) {
    case 'INTEGER':
      return fixed(
        4,
        (bytes) => bytes.readInt32BE(),
        (bytes, value) => bytes.writeInt32BE(Number(value)),
      );
    case 'BIGINT':
      return fixed(
        8,
        (bytes) => exactInteger(bytes.readBigInt64BE()),
        (bytes, value) => bytes.writeBigInt64BE(BigInt(value as number)),
      );
    case 'DOUBLE':
      return fixed(
        8,
        (bytes) => bytes.readDoubleBE(),
        (bytes, value) => bytes.writeDoubleBE(Number(value)),
      );
    default:
      return {
        read: (bytes) => [bytes.toString('utf8')],
        write: ([value]) => (value === null || value === undefined ? null : Buffer.from(String(value))),
      };
  }
}
