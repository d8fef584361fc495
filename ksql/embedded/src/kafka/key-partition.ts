import { partitionOf } from '@shop/common';
import type { Format } from '../serde/format.ts';
import type { Row } from '../types/value.ts';

/** The partition that stores the row with this key; 0 without a key. */
export function keyPartition(format: Format, key: Row, partitions: number): number {
  const bytes = format.write(key);
  return bytes === null ? 0 : partitionOf(bytes, partitions);
}
