import type { TableEvent } from '../operators/events.ts';
import type { KeyId } from '../state/key-id.ts';
import type { Row } from '../types/value.ts';

/**
 * The changes of a table that a client of a push query has yet to see. As in ksqlDB, changes of one key that are read together
 * reach the client as one, in the order of the last change; and only a row that the client has can be removed.
 */
export function createChangedRows(show: (id: KeyId, after: Row | null) => void) {
  const changed = new Map<KeyId, Row | null>();
  const shown = new Set<KeyId>();

  return {
    note({ id, after }: TableEvent): void {
      changed.delete(id);
      changed.set(id, after);
    },

    /** Shows what has changed. */
    flush(): void {
      for (const [id, after] of changed) {
        if (after !== null) shown.add(id);
        else if (!shown.delete(id)) continue;
        show(id, after);
      }
      changed.clear();
    },
  };
}
