import type { SqlType } from '../types/sql-type.ts';
import type { Row, Value } from '../types/value.ts';

/** A compiled expression: its type (null for the literal NULL) and a function of the flat row. */
export interface Compiled {
  readonly type: SqlType | null;
  readonly evaluate: (row: Row) => Value;
  /** Set if the value is the same for every row. */
  readonly constant?: boolean;
}

/** The value cannot be computed (division by zero, text that is not a number): as in ksqlDB the column becomes null. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

const unknown = new EvaluationError('a null where a value is needed');

/**
 * Returns a value that must not be null. As in ksqlDB, a null makes the enclosing expression null, up to the nearest
 * part that is evaluated separately (see `computedApart`).
 *
 * @throws EvaluationError
 */
export function known(value: Value): Exclude<Value, null> {
  if (value === null) throw unknown;
  return value;
}

/** Evaluates the expression separately: an error makes it null, but not the enclosing expression. */
export const computedApart = (compiled: Compiled): Compiled => ({ ...compiled, evaluate: nullOnError(compiled) });

/** Evaluates the expression and returns null for an evaluation error. */
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

/** Returns true only if the condition is true: not for false, null or an evaluation error. */
export function condition(compiled: Compiled): (row: Row) => boolean {
  const evaluate = nullOnError(compiled);
  return (row) => evaluate(row) === true;
}
