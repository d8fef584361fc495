import { KsqlError } from '../errors.ts';
import type { Expression } from '../parser/ast.ts';
import { parseTime } from '../types/times.ts';
import { exactInteger } from '../types/value.ts';

/** Pseudo columns with a time as a number, which may be compared with a time as text. */
const timeColumns = new Set(['ROWTIME', 'WINDOWSTART', 'WINDOWEND']);

/** Converts a time literal that is compared with ROWTIME to milliseconds. */
export function besideRowtime(side: Expression, other: Expression): Expression {
  if (other.kind !== 'column' || !timeColumns.has(other.name)) return side;
  if (side.kind !== 'literal' || side.type !== 'STRING') return side;
  const moment = parseTime('TIMESTAMP', side.value);
  if (moment === undefined) throw new KsqlError(`Failed to parse timestamp '${side.value}'`);
  return { kind: 'literal', type: 'BIGINT', value: exactInteger(BigInt(moment)) };
}
