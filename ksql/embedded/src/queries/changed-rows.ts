import type { TableEvent } from '../operators/events.ts';
import type { KeyId } from '../state/key-id.ts';
import type { Row } from '../types/value.ts';

/**
 * The changes of a table that a client of a push query has yet to see. As in ksqlDB, changes of one key that are read together
 * reach the client as one, in the order of the last change; and only a row that the client has can be removed.
 */
export class ChangedRows {
  readonly #changed = new Map<KeyId, Row | null>();
  readonly #shown = new Set<KeyId>();
  readonly #show: (id: KeyId, after: Row | null) => void;

  constructor(show: (id: KeyId, after: Row | null) => void) {
    this.#show = show;
  }

  readonly note = ({ id, after }: TableEvent): void => {
    this.#changed.delete(id);
    this.#changed.set(id, after);
  };

  /** Shows what has changed. */
  flush(): void {
    for (const [id, after] of this.#changed) {
      if (after !== null) this.#shown.add(id);
      else if (!this.#shown.delete(id)) continue;
      this.#show(id, after);
    }
    this.#changed.clear();
  }
}
