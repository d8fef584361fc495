import { KsqlError, notSupported } from '../errors.ts';
import type { ArithmeticOperator } from '../parser/ast.ts';
import { BIGINT, DOUBLE, INTEGER, isNumeric, type SqlType, STRING } from '../types/sql-type.ts';
import { exactInteger, toInt32, type Value } from '../types/value.ts';
import { type Compiled, EvaluationError, known } from './compiled.ts';

type Calculate = (left: number | bigint, right: number | bigint) => number | bigint;
type Decimal = Extract<SqlType, { base: 'DECIMAL' }>;

/** A quotient or remainder. `+ 0` turns -0 into 0. */
function divided(by: number | bigint, result: number | (() => bigint)): number | bigint {
  if (by === 0) throw new EvaluationError('division by zero');
  return typeof result === 'number' ? result + 0 : exactInteger(result());
}

/** Java's integer arithmetic: truncates towards zero and wraps at 64 bits. Uses bigint where a double would round. */
const onIntegers: Record<ArithmeticOperator, Calculate> = {
  '+': (l, r) => exactly(Number(l) + Number(r), () => BigInt(l) + BigInt(r)),
  '-': (l, r) => exactly(Number(l) - Number(r), () => BigInt(l) - BigInt(r)),
  '*': (l, r) => exactly(Number(l) * Number(r), () => BigInt(l) * BigInt(r)),
  '/': (l, r) => divided(r, bothSafe(l, r) ? Math.trunc(Number(l) / Number(r)) : () => BigInt(l) / BigInt(r)),
  '%': (l, r) => divided(r, bothSafe(l, r) ? Number(l) % Number(r) : () => BigInt(l) % BigInt(r)),
};

const bothSafe = (l: number | bigint, r: number | bigint): boolean => typeof l === 'number' && typeof r === 'number';
const exactly = (fast: number, slow: () => bigint): number | bigint =>
  Number.isSafeInteger(fast) ? fast + 0 : exactInteger(slow());

const onDoubles: Record<ArithmeticOperator, (l: number, r: number) => number> = {
  '+': (l, r) => l + r,
  '-': (l, r) => l - r,
  '*': (l, r) => l * r,
  '/': (l, r) => l / r,
  '%': (l, r) => l % r,
};

function asDecimal(type: SqlType): Decimal {
  if (type.base === 'DECIMAL') return type;
  return { base: 'DECIMAL', precision: type.base === 'INTEGER' ? 10 : 19, scale: 0 };
}

/** ksqlDB's result type for decimals. Refuses operators whose result a double cannot hold exactly. */
function decimalResult(operator: ArithmeticOperator, left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  if (operator === '+' || operator === '-') return { base: 'DECIMAL', precision: whole + scale + 1, scale };
  if (operator === '*')
    return { base: 'DECIMAL', precision: left.precision + right.precision + 1, scale: left.scale + right.scale };
  throw notSupported(`${operator} of decimals`);
}

function resultType(operator: ArithmeticOperator, left: SqlType, right: SqlType): SqlType | undefined {
  if (left.base === 'STRING' && right.base === 'STRING' && operator === '+') return STRING;
  if (!isNumeric(left) || !isNumeric(right)) return undefined;
  if (left.base === 'DOUBLE' || right.base === 'DOUBLE') return DOUBLE;
  if (left.base === 'DECIMAL' || right.base === 'DECIMAL')
    return decimalResult(operator, asDecimal(left), asDecimal(right));
  return left.base === 'BIGINT' || right.base === 'BIGINT' ? BIGINT : INTEGER;
}

export interface ArithmeticOptions {
  /** Set in pull queries on tables, where a null operand makes only this result null. */
  readonly isPull: boolean;
  /** Returns the expression as ksqlDB formats it, for error messages. */
  readonly describe: () => string;
}

export function compileArithmetic(
  operator: ArithmeticOperator,
  left: Compiled,
  right: Compiled,
  { isPull, describe }: ArithmeticOptions,
): Compiled {
  const type = left.type === null || right.type === null ? undefined : resultType(operator, left.type, right.type);
  if (type === undefined) {
    const text = describe();
    const types = [left, right].map((side) => side.type?.base ?? 'null').join(' ');
    throw new KsqlError(
      `Error processing expression: ${text}. Unsupported arithmetic types. ${types}\nStatement: ${text}`,
    );
  }
  const calculate = calculation(operator, type);
  // Java's "+" converts null to the text `null`.
  if (type.base === 'STRING' && !isPull)
    return { type, evaluate: (row) => `${left.evaluate(row)}${right.evaluate(row)}` };
  return {
    type,
    evaluate(row) {
      const l = left.evaluate(row);
      const r = right.evaluate(row);
      if (isPull && (l === null || r === null)) return null;
      return calculate(known(l), known(r));
    },
  };
}

type Operand = Exclude<Value, null>;

function calculation(operator: ArithmeticOperator, type: SqlType): (left: Operand, right: Operand) => Value {
  if (type.base === 'STRING') return (l, r) => `${l}${r}`;
  const whole = onIntegers[operator] as (l: Operand, r: Operand) => number | bigint;
  const real = onDoubles[operator];
  if (type.base === 'INTEGER') return (l, r) => toInt32(whole(l, r));
  if (type.base === 'BIGINT') return whole;
  if (type.base !== 'DECIMAL') return (l, r) => real(Number(l), Number(r));
  if (type.precision > 15) throw notSupported('decimals of more than 15 digits');
  return (l, r) => Number(real(Number(l), Number(r)).toFixed(type.scale));
}

export function negate(operand: Compiled): Compiled {
  const { type } = operand;
  if (type === null || !isNumeric(type)) throw new KsqlError(`Unsupported unary operation on ${type?.base ?? 'null'}.`);
  const evaluate = (operandValue: Value): Value => {
    const value = known(operandValue);
    if (type.base === 'INTEGER') return toInt32(-(value as number));
    if (type.base === 'BIGINT') return exactInteger(-BigInt(value as number | bigint));
    return -(value as number);
  };
  return { type, evaluate: (row) => evaluate(operand.evaluate(row)) };
}
