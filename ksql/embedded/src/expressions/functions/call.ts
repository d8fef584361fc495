import { KsqlError, notSupported, unforeseen } from '../../errors.ts';
import { BARS } from '../../parser/ast.ts';
import { formatType, type SqlType, sameType } from '../../types/sql-type.ts';
import type { Compiled } from '../compiled.ts';
import { BYTES_FUNCTIONS } from './bytes.ts';
import { GENERAL_FUNCTIONS } from './general.ts';
import { MASK_FUNCTIONS } from './mask.ts';
import { KNOWN_BUT_MISSING } from './missing.ts';
import { NUMBER_FUNCTIONS } from './number.ts';
import { REGEXP_FUNCTIONS } from './regexp.ts';
import type { Overload, Parameter } from './signature.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { URL_FUNCTIONS } from './url.ts';

export const FUNCTIONS: ReadonlyMap<string, readonly Overload[]> = new Map(
  Object.entries({
    ...TEXT_FUNCTIONS,
    ...REGEXP_FUNCTIONS,
    ...MASK_FUNCTIONS,
    ...URL_FUNCTIONS,
    ...BYTES_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...GENERAL_FUNCTIONS,
  }),
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

/** A null literal does not tell what T is. */
function checkNulls(name: string, { parameters, variadic }: Overload, types: readonly (SqlType | null)[]): void {
  types.forEach((type, i) => {
    if (type !== null) return;
    if (
      variadic &&
      i >= parameters.length - (parameters.length > 1 ? 1 : 0) &&
      i > 0 &&
      name !== 'CONCAT' &&
      name !== 'CONCAT_WS'
    )
      throw new KsqlError('The function cannot be resolved due to ambiguous parameters; use CAST.');
    if ((parameters[i] ?? parameters.at(-1)) === 'T') throw unforeseen('null value in entry: T=null');
  });
}

function choose(name: string, overloads: readonly Overload[], types: readonly (SqlType | null)[]): Overload {
  const fitting = overloads
    .map((each) => ({ each, price: cost(each, types) }))
    .filter((candidate): candidate is { each: Overload; price: number } => candidate.price !== undefined)
    .sort((a, b) => a.price - b.price);
  const [best, second] = fitting;
  // Both signatures take it, by a conversion each: ksqlDB does not choose.
  const isAmbiguous =
    name === 'ROUND' && types.length === 2 && best !== undefined && best.price > 0 && second !== undefined;
  if (isAmbiguous)
    throw new KsqlError(`Function 'Round' cannot be resolved due to ambiguous method parameters; use CAST.`);
  if (best !== undefined) {
    // A null fits the parameters of several, and ksqlDB does not choose.
    const equals = fitting.filter(({ price, each }) => price === best.price && !each.variadic);
    if (
      types.some(
        (type, i) => type === null && equals.some(({ each }) => each.parameters[i] !== best.each.parameters[i]),
      )
    )
      throw new KsqlError(`Function '${name.toLowerCase()}' cannot be resolved due to ambiguous parameters; use CAST.`);
    checkNulls(name, best.each, types);
    return best.each;
  }
  const given = types.map((type) => (type === null ? 'null' : formatType(type))).join(', ');
  const alternatives = overloads.map(
    (each) =>
      `${name}(${each.parameters.map((p) => (p === 'STRING' ? 'VARCHAR' : p)).join(', ')}${each.variadic ? '...' : ''})`,
  );
  throw new KsqlError(
    `Function '${name.toLowerCase()}' does not accept parameters (${given}).\nValid alternatives are:\n${alternatives.join('\n')}\nFor detailed information on a function run: DESCRIBE FUNCTION <Function-Name>;`,
  );
}

/** @throws KsqlError for a name that no function has, before its arguments are looked at */
export function requireFunction(name: string): readonly Overload[] {
  const overloads = FUNCTIONS.get(name === BARS ? 'CONCAT' : name);
  if (overloads !== undefined) return overloads;
  if (KNOWN_BUT_MISSING.has(name)) throw notSupported(`the function ${name}`);
  throw new KsqlError(`Can't find any functions with the name '${name}'`);
}

export interface CallOptions {
  /** Wraps an argument that is cast to the type of its parameter. */
  readonly converted: (arg: Compiled) => Compiled;
  readonly isPull: boolean;
}

export function compileCall(written: string, given: readonly Compiled[], { converted, isPull }: CallOptions): Compiled {
  if (written === BARS && !isPull) throw new KsqlError('Invalid Select: Cannot get name for `concat` 0 times.');
  const name = written === BARS ? 'CONCAT' : written;
  const overloads = requireFunction(name);
  const types = given.map(({ type }) => type);
  const { run, takesNull, result, parameters } = choose(name, overloads, types);
  const args = given.map((arg, i) => (fit(parameters[i] ?? parameters.at(-1) ?? 'T', arg.type) ? converted(arg) : arg));
  return {
    type: result(types),
    evaluate(row) {
      const values = args.map((arg) => arg.evaluate(row));
      return !takesNull && values.includes(null) ? null : run(...values);
    },
  };
}
