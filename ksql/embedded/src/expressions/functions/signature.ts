import type { SqlType } from '../../types/sql-type.ts';
import type { Value } from '../../types/value.ts';

/** `T` stands for any type, the same wherever it appears in one signature. */
export type Parameter = SqlType['base'] | 'T';

export interface Overload {
  readonly parameters: readonly Parameter[];
  /** The last parameter may come any number of times. */
  readonly variadic: boolean;
  readonly result: (types: readonly (SqlType | null)[]) => SqlType;
  /** Nulls are passed on only to functions that say so; for the others any null makes null. */
  readonly takesNull: boolean;
  readonly run: (...args: Value[]) => Value;
}

interface Options {
  readonly variadic?: boolean;
  readonly takesNull?: boolean;
}

/** One way to call a function. */
export function overload(
  parameters: readonly Parameter[],
  result: SqlType | Overload['result'],
  run: Overload['run'],
  { variadic = false, takesNull = false }: Options = {},
): Overload {
  return { parameters, variadic, takesNull, run, result: typeof result === 'function' ? result : () => result };
}
