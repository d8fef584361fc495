import type { KeyCodec } from '../state/key-id.ts';
import type { Store } from '../state/store.ts';
import type { Row, Value } from '../types/value.ts';
import type { Aggregator } from './aggregators.ts';
import type { StreamStep, TableStep } from './events.ts';

/** One aggregate of a query: its function, and how to compute the argument from a source row. */
export interface AggregateColumn {
  readonly aggregator: Aggregator;
  readonly argument: (row: Row) => Value;
}

export interface Grouping {
  readonly keys: readonly ((row: Row) => Value)[];
  readonly codec: KeyCodec;
  /** The partition that stores the group. */
  readonly partitionOf: (key: Row) => number;
  readonly columns: readonly AggregateColumn[];
  /** The state of each aggregate, by group. */
  readonly store: Store;
}

/** The row of a group: its key, the aggregates' results, then the pseudo columns. */
function groupRow(grouping: Grouping, key: Row, states: Row, timestamp: number, partition: number): Row {
  return [
    ...key,
    ...grouping.columns.map(({ aggregator }, i) => aggregator.result(states[i] ?? null)),
    timestamp,
    partition,
    null,
  ];
}

/** Adds a row to its group or removes it. Skips rows with a null in the group's key. */
function accumulate(grouping: Grouping, way: 'add' | 'remove', row: Row, timestamp: number, next: TableStep): void {
  const key = grouping.keys.map((evaluate) => evaluate(row));
  if (key.includes(null)) return;
  const id = grouping.codec.idOf(key);
  const partition = grouping.partitionOf(key);
  const old = grouping.store.get(partition, id);
  const before = old === null ? null : groupRow(grouping, key, old, timestamp, partition);
  const states = grouping.columns.map(({ aggregator, argument }, i) => {
    const state = old === null ? aggregator.initial : (old[i] ?? null);
    const step = aggregator[way];
    // The planner refuses aggregates without `remove` over tables.
    return step === undefined ? state : step(state, argument(row));
  });
  grouping.store.put(partition, id, states);
  next({ id, before, after: groupRow(grouping, key, states, timestamp, partition), partition, timestamp });
}

export const aggregateStream =
  (grouping: Grouping, next: TableStep): StreamStep =>
  (event) => {
    if (event.hasValue) accumulate(grouping, 'add', event.row, event.timestamp, next);
  };

/** Removes a changed row from its old group and adds it to the new one. */
export const aggregateTable =
  (grouping: Grouping, next: TableStep): TableStep =>
  ({ before, after, timestamp }) => {
    if (before !== null) accumulate(grouping, 'remove', before, timestamp, next);
    if (after !== null) accumulate(grouping, 'add', after, timestamp, next);
  };
