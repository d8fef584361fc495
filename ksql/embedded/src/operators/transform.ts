import type { Row, Value } from '../types/value.ts';
import type { StreamStep, TableStep } from './events.ts';

type Condition = (row: Row) => boolean;
type Evaluate = (row: Row) => Value;

export const filterStream =
  (passes: Condition, next: StreamStep): StreamStep =>
  (event) => {
    if (event.hasValue && passes(event.row)) next(event);
  };

/** Filters a table: a row that no longer passes is removed downstream. */
export const filterTable =
  (passes: Condition, next: TableStep): TableStep =>
  (event) => {
    const { before, after } = event;
    next({
      ...event,
      before: before !== null && passes(before) ? before : null,
      after: after !== null && passes(after) ? after : null,
    });
  };

/** The result's columns, then its pseudo columns. */
const project = (columns: readonly Evaluate[], row: Row, timestamp: number, partition: number): Row => [
  ...columns.map((column) => column(row)),
  timestamp,
  partition,
  null,
];

export const projectStream =
  (columns: readonly Evaluate[], next: StreamStep): StreamStep =>
  (event) =>
    next({ ...event, row: project(columns, event.row, event.timestamp, event.partition) });

export const projectTable =
  (columns: readonly Evaluate[], next: TableStep): TableStep =>
  (event) => {
    const { before, after, timestamp, partition } = event;
    next({
      ...event,
      before: before === null ? null : project(columns, before, timestamp, partition),
      after: after === null ? null : project(columns, after, timestamp, partition),
    });
  };
