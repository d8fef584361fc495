import { partitionOf } from '@shop/common';
import type { Message, TopicMessages } from 'kafkajs';
import type { Batch } from '../kafka/topic-reader.ts';
import type { OnUnreadable, Receive } from '../operators/read-source.ts';
import type { SourceKind } from '../parser/ast.ts';
import type { QueryPlan } from '../plan/plan-query.ts';
import { parseJson, writeJson } from '../serde/exact-json.ts';
import { type Format, type FormatName, keyFormat, valueFormat } from '../serde/format.ts';
import { type KeyCodec, type KeyId, keyCodec } from '../state/key-id.ts';
import { Store } from '../state/store.ts';
import type { Row, Value } from '../types/value.ts';

export interface QueryDefinition {
  readonly id: string;
  readonly plan: QueryPlan;
  /** Null for the query that only keeps the rows of a source table. */
  readonly sink: {
    readonly topic: string;
    readonly partitions: number;
    readonly keyFormat: FormatName;
    readonly valueFormat: FormatName;
  } | null;
  readonly changelog: string;
}

export type QueryState = 'RUNNING' | 'PAUSED' | 'ERROR';
/** Next offsets by topic and partition. */
export type Positions = Record<string, Record<string, number>>;

const resultStoreName = 'result';

/**
 * A persistent query at work: its operators, their state, and how far it has read. What a transaction changes becomes
 * final with `commit` and is forgotten with `rollback`.
 */
export class RunningQuery {
  readonly definition: QueryDefinition;
  readonly id: string;
  state: QueryState = 'RUNNING';
  /** The rows of a table's result; empty for a stream. */
  readonly result: Store;
  readonly codec: KeyCodec;
  readonly #stores = new Map<string, Store>();
  readonly #receivers: { topic: string; kind: SourceKind; receive: Receive }[] = [];
  readonly #formats: { readonly key: Format; readonly value: Format } | null;
  #positions: Positions;
  #read: Positions = {};
  #sent: Message[] = [];

  constructor(definition: QueryDefinition, starts: Positions, onUnreadable: OnUnreadable) {
    const { plan, sink } = definition;
    this.definition = definition;
    this.id = definition.id;
    this.#positions = starts;
    this.codec = keyCodec(plan.schema.key);
    this.#formats = sink && {
      key: keyFormat(sink.keyFormat, plan.schema.key),
      value: valueFormat(sink.valueFormat, plan.schema.value),
    };
    this.result = this.#store(resultStoreName);
    const [keys, width] = [plan.schema.key.length, plan.schema.key.length + plan.schema.value.length];
    plan.build(
      {
        store: (name) => this.#store(name),
        receive: (topic, kind, receive) => this.#receivers.push({ topic, kind, receive }),
        timeOf: (partition, id) => this.result.get(partition, id)?.[0],
        onUnreadable,
      },
      {
        stream: ({ row, hasValue, timestamp }) =>
          this.#send(row.slice(0, keys), hasValue ? row.slice(keys, width) : null, timestamp),
        // ROWTIME first, so that a column more, which OR REPLACE may bring, is null in the rows there are; the key is in the id.
        table: ({ id, after, partition, timestamp }) =>
          this.result.put(partition, id, after === null ? null : [timestamp, ...after.slice(keys, width)]),
      },
    );
  }

  get topics(): readonly string[] {
    return [...new Set(this.#receivers.map(({ topic }) => topic))];
  }

  hasTable(topic: string): boolean {
    return this.#receivers.some((each) => each.topic === topic && each.kind === 'TABLE');
  }

  position(topic: string, partition: number): number {
    return this.#read[topic]?.[partition] ?? this.#positions[topic]?.[partition] ?? 0;
  }

  get positions(): Positions {
    return this.#positions;
  }

  /** Passes the records to the operators; those it has had already are left out. */
  process({ topic, partition, messages, nextOffset }: Batch): void {
    const from = this.position(topic, partition);
    for (const { key, value, offset, timestamp } of messages) {
      if (Number(offset) < from) continue;
      const record = { key, value, partition, offset, timestamp: Number(timestamp) };
      for (const receiver of this.#receivers) if (receiver.topic === topic) receiver.receive(record);
    }
    this.#read[topic] ??= {};
    this.#read[topic][partition] = Math.max(from, nextOffset);
  }

  /** Goes past records that are none: transaction markers and what was aborted. */
  skip(topic: string, partition: number, nextOffset: number): void {
    this.#positions[topic] ??= {};
    this.#positions[topic][partition] = Math.max(this.#positions[topic][partition] ?? 0, nextOffset);
  }

  /** Reads a partition from its beginning, whose topic was deleted and recreated. The results of the old topic stay. */
  restart(topic: string, partition: number): void {
    this.#positions[topic] = { ...this.#positions[topic], [partition]: 0 };
    delete this.#read[topic]?.[partition];
  }

  /** All that the running transaction has to write for this query, but for its positions. */
  collect(): TopicMessages[] {
    const changelog = [...this.#stores].flatMap(([name, store]) =>
      [...store.changes()].map(({ partition, id, after }) => ({
        key: writeJson([name, id]),
        value: after === null ? null : writeJson(after),
        partition,
      })),
    );
    const { sink, changelog: topic } = this.definition;
    return [
      { topic, messages: changelog },
      ...(sink === null
        ? []
        : [{ topic: sink.topic, messages: this.definition.plan.kind === 'STREAM' ? this.#sent : this.#changed() }]),
    ];
  }

  /** The positions after the running transaction. */
  advanced(): Positions {
    const merged: Positions = { ...this.#positions };
    for (const [topic, partitions] of Object.entries(this.#read)) merged[topic] = { ...merged[topic], ...partitions };
    return merged;
  }

  commit(): void {
    this.#positions = this.advanced();
    for (const store of this.#stores.values()) store.commit();
    this.#forget();
  }

  rollback(): void {
    for (const store of this.#stores.values()) store.rollback();
    this.#forget();
  }

  /** Takes back a record of the changelog. */
  restore(partition: number, key: string, value: string | null): void {
    const [name, id] = parseJson(key) as [string, KeyId];
    this.#stores.get(name)?.restore(partition, id, value === null ? null : (parseJson(value) as Row));
  }

  /** Goes on with the state of the query it replaces. */
  inherit(old: RunningQuery): void {
    for (const [name, store] of old.#stores) {
      const own = this.#stores.get(name);
      if (own !== undefined) own.take(store);
    }
  }

  restorePositions(positions: Positions): void {
    this.#positions = positions;
  }

  #forget(): void {
    this.#read = {};
    this.#sent = [];
  }

  #store(name: string): Store {
    const store = new Store(name);
    this.#stores.set(name, store);
    return store;
  }

  #message(key: Row, value: Row | null, timestamp: Value): Message {
    const bytes = this.#formats?.key.write(key) ?? null;
    return {
      key: bytes,
      value: value === null ? null : (this.#formats?.value.write(value) ?? null),
      ...(bytes === null ? {} : { partition: partitionOf(bytes, this.definition.sink?.partitions ?? 1) }),
      ...(timestamp === null ? {} : { timestamp: String(timestamp) }),
    };
  }

  #send(key: Row, value: Row | null, timestamp: number): void {
    this.#sent.push(this.#message(key, value, timestamp));
  }

  #changed(): Message[] {
    return [...this.result.changes()].map(({ id, after }) =>
      this.#message(this.codec.keyOf(id), after?.slice(1) ?? null, after?.[0] ?? null),
    );
  }
}
