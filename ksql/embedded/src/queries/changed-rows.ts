import type { TableEvent } from '../operators/events.ts';
import type { KeyId } from '../state/key-id.ts';
import type { Row } from '../types/value.ts';

/**
 * The changes of a table that a push query has not sent yet. As in ksqlDB, it sends one change for all changes of a key
 * that were read together, in the order of the last ones, and it removes only rows that it has sent.
 */
export function createChangedRows(show: (id: KeyId, after: Row | null) => void) {
  const changed = new Map<KeyId, Row | null>();
  const shown = new Set<KeyId>();

  return {
    note({ id, after }: TableEvent): void {
      changed.delete(id);
      changed.set(id, after);
    },

    /** Sends the changes. */
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
