import { KsqlError, notSupported } from '../../errors.ts';
import { formatType, type SqlType, sameType } from '../../types/sql-type.ts';
import type { Compiled } from '../compiled.ts';
import { GENERAL_FUNCTIONS } from './general.ts';
import { KNOWN_BUT_MISSING } from './missing.ts';
import { NUMBER_FUNCTIONS } from './number.ts';
import type { Overload, Parameter } from './signature.ts';
import { TEXT_FUNCTIONS } from './text.ts';

export const FUNCTIONS: ReadonlyMap<string, readonly Overload[]> = new Map(
  Object.entries({ ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...GENERAL_FUNCTIONS }),
);

/** A number may be passed where a wider one is expected, and only there. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  INTEGER: ['BIGINT', 'DECIMAL', 'DOUBLE'],
  BIGINT: ['DECIMAL', 'DOUBLE'],
  DECIMAL: ['DOUBLE'],
};

/** 0 for an exact fit, more the wider the parameter is, undefined if it does not fit. */
function fit(parameter: Parameter, type: SqlType | null): number | undefined {
  if (type === null || parameter === 'T' || parameter === type.base) return 0;
  const wider = WIDER[type.base]?.indexOf(parameter) ?? -1;
  return wider === -1 ? undefined : wider + 1;
}

function cost(overload: Overload, types: readonly (SqlType | null)[]): number | undefined {
  const { parameters, variadic } = overload;
  if (variadic ? types.length < parameters.length : types.length !== parameters.length) return undefined;
  const generic = types.filter(
    (type, i): type is SqlType => type !== null && (parameters[i] ?? parameters.at(-1)) === 'T',
  );
  const [first] = generic;
  if (parameters[0] !== 'ARRAY' && first !== undefined && generic.some((type) => !sameType(type, first)))
    return undefined;
  let total = 0;
  for (const [i, type] of types.entries()) {
    const one = fit(parameters[i] ?? parameters.at(-1) ?? 'T', type);
    if (one === undefined) return undefined;
    total += one;
  }
  return total;
}

function choose(name: string, overloads: readonly Overload[], types: readonly (SqlType | null)[]): Overload {
  const fitting = overloads
    .map((each) => ({ each, price: cost(each, types) }))
    .filter((candidate): candidate is { each: Overload; price: number } => candidate.price !== undefined)
    .sort((a, b) => a.price - b.price);
  const [best] = fitting;
  if (best !== undefined) return best.each;
  const given = types.map((type) => (type === null ? 'null' : formatType(type))).join(', ');
  const alternatives = overloads.map(
    (each) =>
      `${name}(${each.parameters.map((p) => (p === 'STRING' ? 'VARCHAR' : p)).join(', ')}${each.variadic ? '...' : ''})`,
  );
  throw new KsqlError(
    `Function '${name.toLowerCase()}' does not accept parameters (${given}).\nValid alternatives are:\n${alternatives.join('\n')}\nFor detailed information on a function run: DESCRIBE FUNCTION <Function-Name>;`,
  );
}

export function compileCall(name: string, args: readonly Compiled[]): Compiled {
  const overloads = FUNCTIONS.get(name);
  if (overloads === undefined) {
    if (KNOWN_BUT_MISSING.has(name)) throw notSupported(`the function ${name}`);
    throw new KsqlError(`Can't find any functions with the name '${name}'`);
  }
  const types = args.map(({ type }) => type);
  const { run, takesNull, result } = choose(name, overloads, types);
  return {
    type: result(types),
    evaluate(row) {
      const values = args.map((arg) => arg.evaluate(row));
      return !takesNull && values.includes(null) ? null : run(...values);
    },
  };
}
