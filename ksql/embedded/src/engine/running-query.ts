import { partitionOf } from '@shop/common';
import type { Message, TopicMessages } from 'kafkajs';
import type { Batch } from '../kafka/topic-reader.ts';
import type { OnUnreadable, Receive } from '../operators/read-source.ts';
import type { SourceKind } from '../parser/ast.ts';
import type { QueryPlan } from '../plan/plan-query.ts';
import { parseJson, writeJson } from '../serde/exact-json.ts';
import { type FormatName, keyFormat, valueFormat } from '../serde/format.ts';
import { type KeyId, keyCodec } from '../state/key-id.ts';
import { Store } from '../state/store.ts';
import type { Row, Value } from '../types/value.ts';

export interface QueryDefinition {
  readonly id: string;
  readonly plan: QueryPlan;
  /** Null for the query of a source table, which only stores rows. */
  readonly sink: {
    readonly topic: string;
    readonly partitions: number;
    readonly keyFormat: FormatName;
    readonly valueFormat: FormatName;
  } | null;
  readonly changelog: string;
}

type QueryState = 'RUNNING' | 'PAUSED' | 'ERROR';
/** Next offsets by topic and partition. */
export type Positions = Record<string, Record<string, number>>;

const resultStoreName = 'result';

export type RunningQuery = ReturnType<typeof createRunningQuery>;

/**
 * A running persistent query: its operators, their state and its positions. `commit` keeps the changes of the current
 * transaction, `rollback` discards them.
 *
 * @param starts the offsets at which to start reading
 */
export function createRunningQuery(definition: QueryDefinition, starts: Positions, onUnreadable: OnUnreadable) {
  const { id, plan, sink } = definition;
  const codec = keyCodec(plan.schema.key);
  const formats = sink && {
    key: keyFormat(sink.keyFormat, plan.schema.key),
    value: valueFormat(sink.valueFormat, plan.schema.value),
  };
  const stores = new Map<string, Store>();
  const receivers: { topic: string; kind: SourceKind; receive: Receive }[] = [];
  let positions = starts;
  let read: Positions = {};
  let sent: Message[] = [];

  function openStore(name: string): Store {
    const store = new Store();
    stores.set(name, store);
    return store;
  }

  /** The rows of a table's result; empty for a stream. */
  const result = openStore(resultStoreName);
  const [keys, width] = [plan.schema.key.length, plan.schema.key.length + plan.schema.value.length];
  plan.build(
    {
      store: openStore,
      receive: (topic, kind, receive) => receivers.push({ topic, kind, receive }),
      timeOf: (partition, key) => result.get(partition, key)?.[0],
      onUnreadable,
    },
    {
      stream: ({ row, hasValue, timestamp }) =>
        sent.push(toMessage(row.slice(0, keys), hasValue ? row.slice(keys, width) : null, timestamp)),
      // ROWTIME comes first, so that a column that OR REPLACE appends is null in existing rows. The id has the key.
      table: ({ id: key, after, partition, timestamp }) =>
        result.put(partition, key, after === null ? null : [timestamp, ...after.slice(keys, width)]),
    },
  );

  function toMessage(key: Row, value: Row | null, timestamp: Value): Message {
    const bytes = formats?.key.write(key) ?? null;
    return {
      key: bytes,
      value: value === null ? null : (formats?.value.write(value) ?? null),
      ...(bytes === null ? {} : { partition: partitionOf(bytes, sink?.partitions ?? 1) }),
      ...(timestamp === null ? {} : { timestamp: String(timestamp) }),
    };
  }

  const changedRows = (): Message[] =>
    [...result.changes()].map(({ id: key, after }) =>
      toMessage(codec.keyOf(key), after?.slice(1) ?? null, after?.[0] ?? null),
    );

  const position = (topic: string, partition: number): number =>
    read[topic]?.[partition] ?? positions[topic]?.[partition] ?? 0;

  /** The positions after the current transaction. */
  function advanced(): Positions {
    const merged: Positions = { ...positions };
    for (const [topic, partitions] of Object.entries(read)) merged[topic] = { ...merged[topic], ...partitions };
    return merged;
  }

  function forget(): void {
    read = {};
    sent = [];
  }

  return {
    definition,
    id,
    state: 'RUNNING' as QueryState,
    result,
    codec,
    stores,
    topics: [...new Set(receivers.map(({ topic }) => topic))],
    hasTable: (topic: string): boolean => receivers.some((each) => each.topic === topic && each.kind === 'TABLE'),
    position,
    /** The positions before the current transaction. */
    positions: (): Positions => positions,
    advanced,

    /** Passes the records to the operators and skips those that were processed before. */
    process({ topic, partition, messages, nextOffset }: Batch): void {
      const from = position(topic, partition);
      for (const { key, value, offset, timestamp } of messages) {
        if (Number(offset) < from) continue;
        const record = { key, value, partition, offset, timestamp: Number(timestamp) };
        for (const receiver of receivers) if (receiver.topic === topic) receiver.receive(record);
      }
      read[topic] ??= {};
      read[topic][partition] = Math.max(from, nextOffset);
    },

    /** Moves past transaction markers and aborted records. */
    skip(topic: string, partition: number, nextOffset: number): void {
      positions[topic] ??= {};
      positions[topic][partition] = Math.max(positions[topic][partition] ?? 0, nextOffset);
    },

    /** Reads a partition of a recreated topic from its beginning. The results of the old topic stay. */
    restart(topic: string, partition: number): void {
      positions[topic] = { ...positions[topic], [partition]: 0 };
      delete read[topic]?.[partition];
    },

    /** Returns this query's messages of the current transaction, without its positions. */
    collect(): TopicMessages[] {
      const changelog = [...stores].flatMap(([name, store]) =>
        [...store.changes()].map(({ partition, id: key, after }) => ({
          key: writeJson([name, key]),
          value: after === null ? null : writeJson(after),
          partition,
        })),
      );
      return [
        { topic: definition.changelog, messages: changelog },
        ...(sink === null ? [] : [{ topic: sink.topic, messages: plan.kind === 'STREAM' ? sent : changedRows() }]),
      ];
    },

    commit(): void {
      positions = advanced();
      for (const store of stores.values()) store.commit();
      forget();
    },

    rollback(): void {
      for (const store of stores.values()) store.rollback();
      forget();
    },

    /** Restores a row from a record of the changelog. */
    restore(partition: number, key: string, value: string | null): void {
      const [name, rowId] = parseJson(key) as [string, KeyId];
      stores.get(name)?.restore(partition, rowId, value === null ? null : (parseJson(value) as Row));
    },

    restorePositions(restored: Positions): void {
      positions = restored;
    },

    /** Takes over the state of the query that it replaces. */
    inherit(replaced: ReadonlyMap<string, Store>): void {
      for (const [name, store] of replaced) stores.get(name)?.take(store);
    },
  };
}
