import type { SqlType } from '../../types/sql-type.ts';
import type { Value } from '../../types/value.ts';

/** `T` stands for any type, the same wherever it appears in one signature. */
export type Parameter = SqlType['base'] | 'T';

export interface Overload {
  readonly parameters: readonly Parameter[];
  /** The last parameter may come any number of times, or not at all. */
  readonly variadic: boolean;
  readonly result: (types: readonly (SqlType | null)[]) => SqlType;
  /** Whether the function is called with nulls; otherwise any null argument makes the result null. */
  readonly takesNull: boolean;
  readonly run: Run;
  /** What runs in place of `run` where the types of the arguments matter. */
  readonly prepare?: (types: readonly (SqlType | null)[]) => Run;
  /** Refuses arguments that are the same for every row; the others are undefined. */
  readonly check?: (constants: readonly (Value | undefined)[]) => void;
}

type Run = (...args: Value[]) => Value;

interface Options {
  readonly variadic?: boolean;
  readonly takesNull?: boolean;
  readonly prepare?: Overload['prepare'];
  readonly check?: Overload['check'];
}

/** One way to call a function. */
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
