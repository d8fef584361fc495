import { mistyped } from '../errors.ts';
import type { Expression } from '../parser/ast.ts';
import { BIGINT, DOUBLE, formatType, INTEGER, isNumeric, type SqlType, sameType, wider } from '../types/sql-type.ts';
import { isTime } from '../types/times.ts';
import { compileCast } from './cast.ts';
import { type Compiled, nullOnError } from './compiled.ts';

/** An element of an array, or a key or a value of a map. */
export interface Part {
  readonly expression: Expression;
  readonly compiled: Compiled;
}

const invalid = (type: SqlType, given: string): Error =>
  mistyped(`invalid input syntax for type ${formatType(type)}: ${given}.`);

/** Converts the parts to one type, which the first non-NULL part decides: numbers widen, and text is parsed. */
export function coerceParts(parts: readonly Part[], what: 'array' | 'map'): { parts: Compiled[]; type: SqlType } {
  const [first, ...rest] = parts.filter(({ compiled }) => compiled.type !== null);
  if (first?.compiled.type == null) {
    throw mistyped(
      parts.length === 0
        ? `${what === 'array' ? 'Array' : 'Map'} constructor cannot be empty. Please supply at least one ${what === 'array' ? 'element' : 'key value pair'}.`
        : `Cannot construct ${what === 'array' ? 'an array' : 'a map'} with all NULL elements. As a workaround, you may cast a NULL value to the desired type.`,
    );
  }
  const type = rest.reduce<SqlType>(commonType, first.compiled.type);
  return { type, parts: parts.map((part) => converted(part, type)) };
}

/** The common type of the parts so far and the next one. */
function commonType(type: SqlType, { expression, compiled }: Part): SqlType {
  const next = compiled.type;
  if (next === null || sameType(type, next)) return type;
  const text = textOf(expression);
  if (type.base === 'STRING' && (isTime(next) || text === undefined))
    return isTime(next) ? next : expression.kind === 'literal' ? type : fail(type, formatType(next));
  if (text !== undefined) return typeOfText(type, text);
  const both = widerParts(type, next);
  return both ?? fail(type, formatType(next));
}

const fail = (type: SqlType, given: string): never => {
  throw invalid(type, given);
};

const textOf = (expression: Expression): string | undefined =>
  expression.kind === 'literal' && expression.type === 'STRING' ? expression.value : undefined;

/** The common type of two parts or arrays; undefined if they have none. */
function widerParts(left: SqlType, right: SqlType): SqlType | undefined {
  if (sameType(left, right)) return left;
  if (isNumeric(left) && isNumeric(right)) return wider(left, right);
  if (left.base !== 'ARRAY' || right.base !== 'ARRAY') return undefined;
  const element = widerParts(left.element, right.element);
  return element && { base: 'ARRAY', element };
}

/** The common type of a number, boolean or time and a text literal. */
function typeOfText(type: SqlType, text: string): SqlType {
  const word = text.trim();
  if (type.base === 'BOOLEAN' && /^(?:true|false|yes|no|t|f|y|n)$/i.test(word)) return type;
  if (isTime(type)) return type;
  const number = isNumeric(type) ? typeOfNumber(word) : undefined;
  return number === undefined ? fail(type, JSON.stringify(text)) : wider(type, number);
}

function typeOfNumber(text: string): SqlType | undefined {
  const [, whole = '', fraction] = /^[+-]?(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === '') return Number.isFinite(Number(text)) && text !== '' ? DOUBLE : undefined;
  if (fraction !== undefined) {
    const digits = whole.replace(/^0+/, '').length + fraction.length;
    return { base: 'DECIMAL', precision: Math.max(digits, fraction.length + 1, 1), scale: fraction.length };
  }
  return BigInt.asIntN(32, BigInt(text)) === BigInt(text) ? INTEGER : BIGINT;
}

function converted({ compiled }: Part, type: SqlType): Compiled {
  if (compiled.type === null || sameType(compiled.type, type)) return compiled;
  const cast = compileCast(compiled, type);
  return { ...cast, evaluate: nullOnError(cast) };
}
