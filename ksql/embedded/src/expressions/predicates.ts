import { KsqlError, mistyped, notSupported } from '../errors.ts';
import type { ComparisonOperator } from '../parser/ast.ts';
import { BOOLEAN, formatType, isNumeric, type SqlType, sameType } from '../types/sql-type.ts';
import { isTime, parseTime } from '../types/times.ts';
import { compareValues, sameValue, type Value } from '../types/value.ts';
import { type Compiled, EvaluationError, known } from './compiled.ts';

const operatorNames: Record<ComparisonOperator, string> = {
  '=': 'EQUAL',
  '<>': 'NOT_EQUAL',
  '<': 'LESS_THAN',
  '<=': 'LESS_THAN_OR_EQUAL',
  '>': 'GREATER_THAN',
  '>=': 'GREATER_THAN_OR_EQUAL',
  'IS DISTINCT FROM': 'IS_DISTINCT_FROM',
  'IS NOT DISTINCT FROM': 'IS_NOT_DISTINCT_FROM',
};

const onlyEquality = (type: SqlType): boolean => ['BOOLEAN', 'ARRAY', 'MAP', 'STRUCT'].includes(type.base);

function comparable(left: SqlType, right: SqlType, operator: ComparisonOperator): boolean {
  if (isNumeric(left) && isNumeric(right)) return true;
  if (onlyEquality(left)) {
    const equality = operator !== '<' && operator !== '<=' && operator !== '>' && operator !== '>=';
    return equality && left.base === right.base;
  }
  return left.base === right.base;
}

/** The two sides and the whole comparison as ksqlDB's error messages show them. */
export interface ComparisonText {
  readonly left: string;
  readonly right: string;
  readonly whole: string;
}

export function checkComparable(
  operator: ComparisonOperator,
  left: SqlType | null,
  right: SqlType | null,
  describe: () => ComparisonText,
): void {
  if (left !== null && right !== null && comparable(left, right, operator)) return;
  const text = describe();
  const statement = `\nStatement: ${text.whole}`;
  if (left === null || right === null) {
    const [l, r] = [left, right].map((type) => (type === null ? 'NULL' : formatType(type)));
    throw mistyped(
      `Comparison with NULL not supported: ${l} ${operator} ${r}\nUse 'IS NULL' or 'IS NOT NULL' instead.${statement}`,
    );
  }
  throw new KsqlError(
    `Cannot compare ${text.left} (${formatType(left)}) to ${text.right} (${formatType(right)}) with ${operatorNames[operator]}.${statement}${statement}`,
  );
}

const comparisons: Record<ComparisonOperator, (left: Value, right: Value) => boolean> = {
  '=': (l, r) => l !== null && r !== null && equal(l, r),
  '<>': (l, r) => l !== null && r !== null && !equal(l, r),
  '<': (l, r) => l !== null && r !== null && compareValues(l, r) < 0,
  '<=': (l, r) => l !== null && r !== null && compareValues(l, r) <= 0,
  '>': (l, r) => l !== null && r !== null && compareValues(l, r) > 0,
  '>=': (l, r) => l !== null && r !== null && compareValues(l, r) >= 0,
  'IS DISTINCT FROM': (l, r) => (l === null || r === null ? l !== r : !equal(l, r)),
  'IS NOT DISTINCT FROM': (l, r) => (l === null || r === null ? l === r : equal(l, r)),
};

/** Compares a number and a bigint by value. */
const equal = (left: Value, right: Value): boolean =>
  typeof left === 'object'
    ? sameValue(left, right)
    : left === right || (typeof left !== typeof right && compareValues(left, right) === 0);

/** Parses a text literal that is compared with a time. */
function asTime(text: Compiled, type: SqlType & { base: 'TIMESTAMP' | 'DATE' | 'TIME' }): Compiled {
  if (text.constant !== true) throw notSupported(`comparing a ${type.base} with text that is no literal`);
  const literal = String(text.evaluate([]));
  const value = parseTime(type.base, literal);
  if (value === undefined) throw notSupported(`'${literal}' as a ${type.base}`);
  return { type, constant: true, evaluate: () => value };
}

/** A comparison with null is false, not null, so its NOT is true. */
export function compileComparison(
  operator: ComparisonOperator,
  left: Compiled,
  right: Compiled,
  describe: () => ComparisonText,
): Compiled {
  if (left.type !== null && isTime(left.type) && right.type?.base === 'STRING')
    return compileComparison(operator, left, asTime(right, left.type), describe);
  if (right.type !== null && isTime(right.type) && left.type?.base === 'STRING')
    return compileComparison(operator, asTime(left, right.type), right, describe);
  if (
    left.type !== null &&
    right.type !== null &&
    isTime(left.type) &&
    isTime(right.type) &&
    !sameType(left.type, right.type)
  )
    throw notSupported('comparisons of different kinds of times');
  checkComparable(operator, left.type, right.type, describe);
  const test = comparisons[operator];
  return { type: BOOLEAN, evaluate: (row) => test(left.evaluate(row), right.evaluate(row)) };
}

export function compileIn(operand: Compiled, list: readonly Compiled[]): Compiled {
  const constants = new Set<Value>();
  const others: Compiled[] = [];
  for (const element of list) {
    const value = element.constant === true ? element.evaluate([]) : undefined;
    if (value === undefined || (typeof value === 'object' && value !== null)) others.push(element);
    else if (value !== null) constants.add(value);
  }
  return {
    type: BOOLEAN,
    evaluate(row) {
      const value = operand.evaluate(row);
      if (value === null) return false;
      return constants.has(value) || others.some((element) => comparisons['='](value, element.evaluate(row)));
    },
  };
}

/** LIKE: `%` matches any text, `_` one character. */
export function compileLike(operand: Compiled, pattern: Compiled, escapeWith: string | undefined): Compiled {
  if (escapeWith !== undefined && [...escapeWith].length !== 1)
    throw new KsqlError(`Expected escapeWith character to be a single character, got: ${escapeWith}`);
  const fixed = pattern.constant === true ? fixedPattern(pattern, escapeWith) : undefined;
  return {
    type: BOOLEAN,
    evaluate(row) {
      const wanted = fixed ?? likePattern(String(known(pattern.evaluate(row))), escapeWith);
      return wanted.test(String(known(operand.evaluate(row))));
    },
  };
}

/** Returns undefined for an invalid pattern, which fails when a row is evaluated. */
function fixedPattern(pattern: Compiled, escapeWith: string | undefined): RegExp | undefined {
  try {
    return likePattern(String(known(pattern.evaluate([]))), escapeWith);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function likePattern(pattern: string, escapeWith: string | undefined): RegExp {
  let source = '';
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    const literal = character === escapeWith ? characters[++i] : undefined;
    if (character === escapeWith && literal === undefined)
      throw new EvaluationError('LIKE pattern must not end with escape character');
    if (literal === undefined && character === '%') source += '.*';
    else if (literal === undefined && character === '_') source += '.';
    else source += (literal ?? character).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'u');
}
