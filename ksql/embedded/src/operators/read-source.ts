import { partitionOf } from '@shop/common';
import type { Source } from '../catalogue/source.ts';
import { type Format, keyFormat, valueFormat } from '../serde/format.ts';
import { UnreadableRecord } from '../serde/read-json.ts';
import { type KeyId, keyCodec } from '../state/key-id.ts';
import type { Store } from '../state/store.ts';
import { exactInteger, type Row, type Value } from '../types/value.ts';
import type { InputRecord, StreamStep, TableStep } from './events.ts';

export type Receive = (record: InputRecord) => void;

/** Called for a record that does not fit its columns and is skipped, as in ksqlDB. */
export type OnUnreadable = (record: InputRecord, source: string, error: Error) => void;

interface Reader {
  readonly key: (record: InputRecord) => Value[];
  readonly value: (record: InputRecord) => Value[];
}

function reader(source: Source): Reader {
  const formats: readonly [Format, Format] = [
    keyFormat(source.keyFormat, source.schema.key),
    valueFormat(source.valueFormat, source.schema.value),
  ];
  const [noKey, noValue] = [source.schema.key.map(() => null), source.schema.value.map(() => null)];
  return {
    key: ({ key }) => (key === null ? noKey : formats[0].read(key)),
    value: ({ value }) => (value === null ? noValue : formats[1].read(value)),
  };
}

/** The flat row: key, value, then ROWTIME, ROWPARTITION and ROWOFFSET. */
function flatRow(key: Row, value: Row, record: InputRecord): Row {
  return [...key, ...value, record.timestamp, record.partition, exactInteger(BigInt(record.offset))];
}

function guarded(source: Source, onUnreadable: OnUnreadable, receive: Receive): Receive {
  return (record) => {
    try {
      receive(record);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      onUnreadable(record, source.name, error);
    }
  };
}

/**
 * The partition of the key when the source was created. Partitions that are added later move keys, so stores, joins and
 * look-ups use the original partition count.
 */
const homeOf = ({ key, partition }: InputRecord, { partitions }: Source): number =>
  key === null ? partition % partitions : partitionOf(key, partitions);

export function streamSource(source: Source, onUnreadable: OnUnreadable, next: StreamStep): Receive {
  const read = reader(source);
  return guarded(source, onUnreadable, (record) => {
    const row = flatRow(read.key(record), read.value(record), record);
    next({ row, hasValue: record.value !== null, partition: homeOf(record, source), timestamp: record.timestamp });
  });
}

/** Returns the ROWTIME of a key's row, if the row exists. */
export type TimeOf = (partition: number, id: KeyId) => Value | undefined;

/** The former rows of a table's source, so that a key has one row even if its records are in several partitions. */
export interface FormerRows {
  /** Stores the rows, so that events have `before`. */
  readonly store?: Store | undefined;
  readonly timeOf?: TimeOf;
}

/** Reads a table's topic and skips records without a key. */
export function tableSource(
  source: Source,
  { store, timeOf }: FormerRows,
  onUnreadable: OnUnreadable,
  next: TableStep,
): Receive {
  const read = reader(source);
  const codec = keyCodec(source.schema.key);
  let hasStrays = false;
  return guarded(source, onUnreadable, (record) => {
    if (record.key === null) return;
    const key = read.key(record);
    if (key.includes(null)) return;
    const after = record.value === null ? null : flatRow(key, read.value(record), record);
    const id = codec.idOf(key);
    const { timestamp } = record;
    const partition = homeOf(record, source);
    // Kafka keeps a key's records in order only within a partition, so skip an older record from another one.
    hasStrays ||= partition !== record.partition;
    if (hasStrays && Number(timeOf?.(partition, id) ?? timestamp) > timestamp) return;
    const before = store?.get(partition, id) ?? null;
    store?.put(partition, id, after);
    next({ id, before, after, partition, timestamp });
  });
}
