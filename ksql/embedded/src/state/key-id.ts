import { parseJson, writeJson } from '../serde/exact-json.ts';
import type { Column } from '../types/schema.ts';
import { isPrimitive } from '../types/sql-type.ts';
import type { Row, Value } from '../types/value.ts';

/** A row's id in a store: the key's value if it is a single simple value, else its JSON. Equal keys have equal ids. */
export type KeyId = string | number | bigint | boolean;

export interface KeyCodec {
  idOf(key: Row): KeyId;
  keyOf(id: KeyId): Row;
}

export function keyCodec(columns: readonly Column[]): KeyCodec {
  const [only] = columns;
  const simple = only !== undefined && columns.length === 1 && isPrimitive(only.type);
  return simple
    ? { idOf: ([value]) => value as KeyId, keyOf: (id) => [id] }
    : { idOf: writeJson, keyOf: (id) => parseJson(String(id)) as Value[] };
}
