import type { KeyId } from '../state/key-id.ts';
import type { Row } from '../types/value.ts';

/** A record as it comes from a topic. `offset` is a decimal text, as Kafka's 64 bits need. */
export interface InputRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly partition: number;
  readonly offset: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A row of a stream: all its columns, the pseudo columns last. Without a value only the key's columns count. */
export interface StreamEvent {
  readonly row: Row;
  readonly hasValue: boolean;
  readonly partition: number;
  readonly timestamp: number;
}

/** A change of one row of a table. `before` is null if there was no row, or if no operator downstream needs it. */
export interface TableEvent {
  readonly id: KeyId;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly partition: number;
  readonly timestamp: number;
}

export type StreamStep = (event: StreamEvent) => void;
export type TableStep = (event: TableEvent) => void;
