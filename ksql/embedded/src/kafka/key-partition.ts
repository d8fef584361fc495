import { partitionOf } from '@shop/common';
import type { Format } from '../serde/format.ts';
import type { Row } from '../types/value.ts';

/** The partition in which the row with this key is kept. Rows without a key are in partition 0. */
export function keyPartition(format: Format, key: Row, partitions: number): number {
  const bytes = format.write(key);
  return bytes === null ? 0 : partitionOf(bytes, partitions);
}
