import { KsqlError, unforeseen } from '../errors.ts';
import { BOOLEAN, formatType } from '../types/sql-type.ts';
import { type Compiled, known } from './compiled.ts';

function boolean(compiled: Compiled, operator: string, isRight = false): Compiled {
  if (compiled.type?.base === 'BOOLEAN') return compiled;
  if (compiled.type === null && isRight) throw unforeseen(`${operator} expects BOOLEAN, got NULL`);
  throw new KsqlError(
    `${operator} expects BOOLEAN, got ${compiled.type === null ? 'NULL' : formatType(compiled.type)}`,
  );
}

/** Evaluates from left to right and stops when the result is known, so a null on the right may not matter. */
export function compileLogical(operator: 'AND' | 'OR', one: Compiled, other: Compiled): Compiled {
  const [left, right] = [boolean(one, operator), boolean(other, operator, true)];
  return operator === 'AND'
    ? { type: BOOLEAN, evaluate: (row) => known(left.evaluate(row)) === true && known(right.evaluate(row)) === true }
    : { type: BOOLEAN, evaluate: (row) => known(left.evaluate(row)) === true || known(right.evaluate(row)) === true };
}

export function compileNot(compiled: Compiled): Compiled {
  const operand = boolean(compiled, 'NOT');
  return { type: BOOLEAN, evaluate: (row) => known(operand.evaluate(row)) !== true };
}
