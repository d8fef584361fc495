import type { SqlType } from '../../types/sql-type.ts';
import type { Value } from '../../types/value.ts';

/** `T` is any type, the same one throughout a signature. */
export type Parameter = SqlType['base'] | 'T';

export interface Overload {
  readonly parameters: readonly Parameter[];
  /** The last parameter may be repeated or omitted. */
  readonly variadic: boolean;
  readonly result: (types: readonly (SqlType | null)[]) => SqlType;
  /** Whether the function handles nulls; otherwise any null argument makes the result null. */
  readonly takesNull: boolean;
  readonly run: Run;
  /** Replaces `run` for functions that depend on the argument types. */
  readonly prepare?: (types: readonly (SqlType | null)[]) => Run;
  /** Checks the constant arguments; the others are undefined. */
  readonly check?: (constants: readonly (Value | undefined)[]) => void;
}

type Run = (...args: Value[]) => Value;

interface Options {
  readonly variadic?: boolean;
  readonly takesNull?: boolean;
  readonly prepare?: Overload['prepare'];
  readonly check?: Overload['check'];
}

/** One signature of a function. */
export function overload(
  parameters: readonly Parameter[],
  result: SqlType | Overload['result'],
  run: Overload['run'],
  { variadic = false, takesNull = false, prepare, check }: Options = {},
): Overload {
  return {
    parameters,
    variadic,
    takesNull,
    run,
    result: typeof result === 'function' ? result : () => result,
    ...(prepare && { prepare }),
    ...(check && { check }),
  };
}
