import type { KeyCodec } from '../state/key-id.ts';
import type { Store } from '../state/store.ts';
import type { Row, Value } from '../types/value.ts';
import type { StreamEvent, StreamStep, TableEvent, TableStep } from './events.ts';

/** The columns of both sides in a row; those of a side that is not there are null. */
type Combine = (left: Row | null, right: Row | null) => Row;

export function combine(leftWidth: number, rightWidth: number): Combine {
  const [noLeft, noRight] = [new Array<Value>(leftWidth).fill(null), new Array<Value>(rightWidth).fill(null)];
  return (left, right) => [...(left ?? noLeft), ...(right ?? noRight)];
}

/** The joins there are; RIGHT and FULL OUTER are refused when a query is planned. */
export type SupportedJoin = 'INNER' | 'LEFT OUTER';

/** Both sides are remembered, so it does not matter which of them comes first. */
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
  /** The table's key as the stream's row has it. */
  readonly key: (row: Row) => Value;
  /** Where a row of the table with that key is. */
  readonly partitionOf: (key: Value, event: StreamEvent) => number;
  readonly rows: Combine;
}

/** A stream's row meets the table as it is at that moment; changes of the table alone make no rows. */
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
