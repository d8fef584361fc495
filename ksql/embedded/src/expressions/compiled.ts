import type { SqlType } from '../types/sql-type.ts';
import type { Row, Value } from '../types/value.ts';

/** An expression ready to run: its type (null for the literal NULL) and a function of the flat row. */
export interface Compiled {
  readonly type: SqlType | null;
  readonly evaluate: (row: Row) => Value;
  /** Set if it is the same for every row. */
  readonly constant?: boolean;
}

/** A value that cannot be computed (division by zero, text that is no number): the column becomes null, as in ksqlDB. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

const unknown = new EvaluationError('a null where a value is needed');

/**
 * The value where ksqlDB cannot go on with a null: what stands around it becomes null as a whole, up to the nearest part that
 * is computed for itself (see `computedApart`).
 *
 * @throws EvaluationError
 */
export function known(value: Value): Exclude<Value, null> {
  if (value === null) throw unknown;
  return value;
}

/** The compiled expression as a part that is computed for itself: an error in it makes it null and not what stands around it. */
export const computedApart = (compiled: Compiled): Compiled => ({ ...compiled, evaluate: nullOnError(compiled) });

/** The compiled expression with null instead of an evaluation error. */
export function nullOnError(compiled: Compiled): (row: Row) => Value {
  return (row) => {
    try {
      return compiled.evaluate(row);
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  };
}

/** A condition: what is not true, is unknown or cannot be computed does not pass. */
export function condition(compiled: Compiled): (row: Row) => boolean {
  const evaluate = nullOnError(compiled);
  return (row) => evaluate(row) === true;
}
