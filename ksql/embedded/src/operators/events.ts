import type { KeyId } from '../state/key-id.ts';
import type { Row } from '../types/value.ts';

/** A record of a topic. `offset` is decimal text, because it has 64 bits. */
export interface InputRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly partition: number;
  readonly offset: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A row of a stream, the pseudo columns last. Without a value only the key's columns are set. */
export interface StreamEvent {
  readonly row: Row;
  readonly hasValue: boolean;
  readonly partition: number;
  readonly timestamp: number;
}

/** A change of a table's row. `before` is null if the row is new or if no operator downstream needs it. */
export interface TableEvent {
  readonly id: KeyId;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly partition: number;
  readonly timestamp: number;
}

export type StreamStep = (event: StreamEvent) => void;
export type TableStep = (event: TableEvent) => void;
