import type { Row } from '../types/value.ts';
import type { KeyId } from './key-id.ts';

export interface Change {
  readonly partition: number;
  readonly id: KeyId;
  /** The row before the transaction, null if there was none. */
  readonly before: Row | null;
  /** The row after it, null if it was removed. */
  readonly after: Row | null;
}

/**
 * The rows of one operator, by partition and key. Operators see their writes at once; pull queries see them after the
 * Kafka transaction commits. A class, because every record passes through it and closures took 10 to 20 % more CPU.
 */
export class Store {
  readonly #committed: Map<KeyId, Row>[] = [];
  readonly #pending: Map<KeyId, Row | null>[] = [];

  /** The row in the current transaction. */
  get(partition: number, id: KeyId): Row | null {
    const pending = this.#pending[partition]?.get(id);
    return pending === undefined ? (this.#committed[partition]?.get(id) ?? null) : pending;
  }

  put(partition: number, id: KeyId, row: Row | null): void {
    const pending = this.#pending[partition];
    if (pending === undefined) this.#pending[partition] = new Map([[id, row]]);
    else pending.set(id, row);
  }

  /** The current transaction's changes, one per key, without rows that it both created and removed. */
  *changes(): Generator<Change> {
    for (const [partition, rows] of this.#pending.entries()) {
      for (const [id, after] of rows ?? []) {
        const before = this.#committed[partition]?.get(id) ?? null;
        if (before !== null || after !== null) yield { partition, id, before, after };
      }
    }
  }

  commit(): void {
    for (const [partition, rows] of this.#pending.entries()) {
      for (const [id, row] of rows ?? []) this.restore(partition, id, row);
    }
    this.rollback();
  }

  rollback(): void {
    this.#pending.length = 0;
  }

  /** Puts a committed row. */
  restore(partition: number, id: KeyId, row: Row | null): void {
    this.#committed[partition] ??= new Map();
    if (row === null) this.#committed[partition].delete(id);
    else this.#committed[partition].set(id, row);
  }

  /** The committed row. */
  find(partition: number, id: KeyId): Row | null {
    return this.#committed[partition]?.get(id) ?? null;
  }

  /** All committed rows. */
  *scan(): Generator<readonly [KeyId, Row]> {
    for (const rows of this.#committed) if (rows !== undefined) yield* rows;
  }

  get size(): number {
    return this.#committed.reduce((sum, rows) => sum + (rows?.size ?? 0), 0);
  }

  /** Takes over another store's committed rows. */
  take(other: Store): void {
    this.#committed.splice(0, this.#committed.length, ...other.#committed);
  }
}
