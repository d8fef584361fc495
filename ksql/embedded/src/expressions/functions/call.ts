import { KsqlError, mistyped, notSupported, unforeseen } from '../../errors.ts';
import { barsFunction } from '../../parser/ast.ts';
import { formatType, type SqlType, sameType } from '../../types/sql-type.ts';
import type { Compiled } from '../compiled.ts';
import { bytesFunctions } from './bytes.ts';
import { generalFunctions } from './general.ts';
import { maskFunctions } from './mask.ts';
import { missingFunctions } from './missing.ts';
import { numberFunctions } from './number.ts';
import { regexpFunctions } from './regexp.ts';
import type { Overload, Parameter } from './signature.ts';
import { textFunctions } from './text.ts';
import { urlFunctions } from './url.ts';

export const scalarFunctions: ReadonlyMap<string, readonly Overload[]> = new Map(
  Object.entries({
    ...textFunctions,
    ...regexpFunctions,
    ...maskFunctions,
    ...urlFunctions,
    ...bytesFunctions,
    ...numberFunctions,
    ...generalFunctions,
  }),
);

/** The wider types that a parameter of a function may have for a number. */
const widerTypes: Readonly<Record<string, readonly string[]>> = {
  INTEGER: ['BIGINT', 'DECIMAL', 'DOUBLE'],
  BIGINT: ['DECIMAL', 'DOUBLE'],
  DECIMAL: ['DOUBLE'],
};

/** 0 for the same type, higher for wider parameters, undefined if the argument does not fit. */
function fit(parameter: Parameter, type: SqlType | null): number | undefined {
  if (type === null || parameter === 'T' || parameter === type.base) return 0;
  const wider = widerTypes[type.base]?.indexOf(parameter) ?? -1;
  return wider === -1 ? undefined : wider + 1;
}

function cost(overload: Overload, types: readonly (SqlType | null)[]): number | undefined {
  const { parameters, variadic } = overload;
  if (variadic ? types.length < parameters.length - 1 : types.length !== parameters.length) return undefined;
  const generic = types.filter(
    (type, i): type is SqlType => type !== null && (parameters[i] ?? parameters.at(-1)) === 'T',
  );
  const [array] = types;
  const first = parameters[0] === 'ARRAY' && array?.base === 'ARRAY' ? array.element : generic[0];
  if (first !== undefined && generic.some((type) => !sameType(type, first))) return undefined;
  let total = 0;
  for (const [i, type] of types.entries()) {
    const one = fit(parameters[i] ?? parameters.at(-1) ?? 'T', type);
    if (one === undefined) return undefined;
    total += one;
  }
  return total;
}

/** Refuses null literals that leave T or a variadic overload undecided. */
function checkNulls(name: string, { parameters, variadic }: Overload, types: readonly (SqlType | null)[]): void {
  const repeated = parameters.length - 1;
  if (variadic && repeated > 0 && types[repeated] === null) {
    if (types.length === repeated + 1 || types.every((type) => type === null)) throw ambiguous(name, types);
    if (parameters[repeated] === 'T') throw unforeseen('itemType');
  }
  if (parameters[0] === 'T' && types[0] === null) throw unforeseen('null value in entry: T=null');
  if (!variadic && parameters[0] === 'T' && types.includes(null)) throw unforeseen('null value in entry: T=null');
}

const ambiguous = (name: string, types: readonly (SqlType | null)[]): KsqlError =>
  mistyped(
    `Function '${name.toLowerCase()}' cannot be resolved due to ambiguous method parameters (${typeList(types)}).\nUse CAST() to explicitly cast your parameters to one of the supported function calls.`,
  );
const typeList = (types: readonly (SqlType | null)[]): string =>
  types.map((type) => (type === null ? 'null' : formatType(type))).join(', ');

/** Functions whose BYTES overloads are missing here. */
const alsoOfBytes = new Set(['CONCAT', 'CONCAT_WS', 'SUBSTRING', 'LPAD', 'RPAD', 'SPLIT', 'GREATEST', 'LEAST']);

function choose(name: string, overloads: readonly Overload[], types: readonly (SqlType | null)[]): Overload {
  const fitting = overloads
    .map((each) => ({ each, price: cost(each, types) }))
    .filter((candidate): candidate is { each: Overload; price: number } => candidate.price !== undefined)
    .sort((a, b) => a.price - b.price);
  const [best, second] = fitting;
  if (best !== undefined) {
    // ksqlDB does not choose between overloads that all need a conversion.
    if (best.price > 0 && second !== undefined) throw ambiguous(name, types);
    // A null argument can fit several overloads.
    const equals = fitting.filter(({ price, each }) => price === best.price && !each.variadic);
    const isOpen = types.some(
      (type, i) => type === null && equals.some(({ each }) => each.parameters[i] !== best.each.parameters[i]),
    );
    const texts = types.filter((_, i) => (best.each.parameters[i] ?? best.each.parameters.at(-1)) === 'STRING');
    const isBytesOrText =
      texts.length > 0 ? texts.every((type) => type === null) : types.every((type) => type === null);
    if (isOpen || (alsoOfBytes.has(name) && types.length > 0 && isBytesOrText)) throw ambiguous(name, types);
    checkNulls(name, best.each, types);
    return best.each;
  }
  if (alsoOfBytes.has(name) && types.some((type) => type?.base === 'BYTES')) throw notSupported(`${name} of BYTES`);
  const alternatives = overloads.map(
    (each) =>
      `${name}(${each.parameters.map((p) => (p === 'STRING' ? 'VARCHAR' : p)).join(', ')}${each.variadic ? '...' : ''})`,
  );
  throw mistyped(
    `Function '${name.toLowerCase()}' does not accept parameters (${typeList(types)}).\nValid alternatives are:\n${alternatives.join('\n')}\nFor detailed information on a function run: DESCRIBE FUNCTION <Function-Name>;`,
  );
}

/** @throws KsqlError for an unknown function, before its arguments are checked */
export function requireFunction(name: string): readonly Overload[] {
  const overloads = scalarFunctions.get(name === barsFunction ? 'CONCAT' : name);
  if (overloads !== undefined) return overloads;
  if (missingFunctions.has(name)) throw notSupported(`the function ${name}`);
  throw mistyped(`Can't find any functions with the name '${name}'`);
}

export interface CallOptions {
  /** Wraps an argument that is cast to the type of its parameter. */
  readonly converted: (arg: Compiled) => Compiled;
  readonly isPull: boolean;
}

export function compileCall(written: string, given: readonly Compiled[], { converted, isPull }: CallOptions): Compiled {
  const name = written === barsFunction ? 'CONCAT' : written;
  const overloads = requireFunction(name);
  const types = given.map(({ type }) => type);
  const { run: plain, prepare, check, takesNull, result, parameters } = choose(name, overloads, types);
  if (written === barsFunction && !isPull) throw new KsqlError('Invalid Select: Cannot get name for `concat` 0 times.');
  check?.(given.map((arg) => (arg.constant ? arg.evaluate([]) : undefined)));
  const run = prepare?.(types) ?? plain;
  const args = given.map((arg, i) => (fit(parameters[i] ?? parameters.at(-1) ?? 'T', arg.type) ? converted(arg) : arg));
  return {
    type: result(types),
    evaluate(row) {
      const values = args.map((arg) => arg.evaluate(row));
      return !takesNull && values.includes(null) ? null : run(...values);
    },
  };
}
