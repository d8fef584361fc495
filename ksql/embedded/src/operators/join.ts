import type { KeyCodec } from '../state/key-id.ts';
import type { Store } from '../state/store.ts';
import type { Row, Value } from '../types/value.ts';
import type { StreamEvent, StreamStep, TableEvent, TableStep } from './events.ts';

/** Concatenates the columns of both sides; those of a missing side are null. */
type Combine = (left: Row | null, right: Row | null) => Row;

export function combine(leftWidth: number, rightWidth: number): Combine {
  const [noLeft, noRight] = [new Array<Value>(leftWidth).fill(null), new Array<Value>(rightWidth).fill(null)];
  return (left, right) => [...(left ?? noLeft), ...(right ?? noRight)];
}

/** The supported joins; the planner refuses RIGHT and FULL OUTER. */
export type SupportedJoin = 'INNER' | 'LEFT OUTER';

/** Stores the rows of both sides, so that they can arrive in any order. */
export function joinTables(
  kind: SupportedJoin,
  stores: { left: Store; right: Store },
  rows: Combine,
  next: TableStep,
): { left: TableStep; right: TableStep } {
  const joined = (left: Row | null, right: Row | null): Row | null =>
    left !== null && (right !== null || kind === 'LEFT OUTER') ? rows(left, right) : null;
  const step =
    (own: Store, other: Store, put: (own: Row | null, other: Row | null) => Row | null) =>
    (event: TableEvent): void => {
      const { id, after, partition } = event;
      const match = other.get(partition, id);
      const before = put(own.get(partition, id), match);
      own.put(partition, id, after);
      const now = put(after, match);
      if (before !== null || now !== null) next({ ...event, before, after: now });
    };
  return {
    left: step(stores.left, stores.right, joined),
    right: step(stores.right, stores.left, (right, left) => joined(left, right)),
  };
}

export interface StreamTableJoin {
  readonly kind: SupportedJoin;
  readonly store: Store;
  readonly codec: KeyCodec;
  /** Computes the table's key from the stream's row. */
  readonly key: (row: Row) => Value;
  /** The partition that stores the table's row with that key. */
  readonly partitionOf: (key: Value, event: StreamEvent) => number;
  readonly rows: Combine;
}

/** Joins each stream row with the table's current row. A change of the table alone emits nothing. */
export function joinStreamWithTable(join: StreamTableJoin, next: StreamStep): { left: StreamStep; right: TableStep } {
  return {
    left(event) {
      if (!event.hasValue) return;
      const key = join.key(event.row);
      const partition = join.partitionOf(key, event);
      const match = key === null ? null : join.store.get(partition, join.codec.idOf([key]));
      if (match !== null || join.kind === 'LEFT OUTER') next({ ...event, row: join.rows(event.row, match), partition });
    },
    right({ id, after, partition }) {
      join.store.put(partition, id, after);
    },
  };
}
