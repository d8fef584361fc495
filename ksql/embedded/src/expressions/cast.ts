import { KsqlError, notSupported } from '../errors.ts';
import { roundAwayFromZero } from '../types/decimal.ts';
import { formatType, isNumeric, type SqlType, sameType } from '../types/sql-type.ts';
import { dayMs, parseTime, timeText } from '../types/times.ts';
import { exactInteger, isObject, toInt32, type Value } from '../types/value.ts';
import { type Compiled, EvaluationError, known } from './compiled.ts';
import { javaText } from './java-text.ts';

const failed = (value: Value, type: string): never => {
  throw new EvaluationError(`cannot cast ${String(value)} to ${type}`);
};

function integerOf(value: Value, type: 'INTEGER' | 'BIGINT'): number | bigint {
  if (typeof value === 'string') {
    if (!/^\s*[+-]?\d+\s*$/.test(value)) return failed(value, type);
    const whole = BigInt(value.trim().replace('+', ''));
    return BigInt.asIntN(type === 'INTEGER' ? 32 : 64, whole) === whole ? exactInteger(whole) : failed(value, type);
  }
  return typeof value === 'bigint' ? value : Math.trunc(Number(value)) + 0;
}

/** Java's intValue() and longValue() of a double: NaN becomes 0, and values out of range become the limit. */
export function integerOfDouble(value: Value, bits: 32 | 64): number | bigint {
  const number = Number(value);
  if (Number.isNaN(number)) return 0;
  const most = 2n ** BigInt(bits - 1);
  if (number >= Number(most)) return exactInteger(most - 1n);
  if (number <= -Number(most)) return exactInteger(-most);
  return exactInteger(BigInt(Math.trunc(number)));
}

/** Java's Double.parseDouble without NaN and Infinity, which ksqlDB refuses. */
function realOf(value: Value): number {
  if (typeof value !== 'string') return Number(value);
  const text = value.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/.test(text)) return Number(text.replace(/[dDfF]$/, ''));
  const [, sign, whole = '', fraction = '', power] =
    /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/.exec(text) ?? [];
  if (power === undefined || whole + fraction === '') return failed(value, 'DOUBLE');
  const digits = Number.parseInt(whole + fraction, 16) * 2 ** (Number(power) - 4 * fraction.length);
  return sign === '-' ? -digits : digits;
}

/** Returns true for a prefix of "true" or "yes", false for any other text. */
function booleanOf(text: string): boolean {
  const word = text.trim().toLowerCase();
  return word !== '' && ('true'.startsWith(word) || 'yes'.startsWith(word));
}

function decimalOf(from: SqlType, to: Decimal): Convert {
  if (to.precision > 15) throw notSupported('decimals of more than 15 digits');
  return (value) => {
    const real = realOf(value);
    const number = from.base === 'DOUBLE' && Number.isFinite(real) ? Number(real.toPrecision(to.precision)) : real;
    // ksqlDB checks the range before it rounds: 9.99 becomes 10.0 in a DECIMAL(2, 1).
    if (!(Math.abs(number) < 10 ** (to.precision - to.scale))) return failed(value, formatType(to));
    return roundAwayFromZero(number, to.scale);
  };
}

function timeOf(from: SqlType, to: SqlType & { base: 'TIMESTAMP' | 'DATE' | 'TIME' }): Convert | undefined {
  if (from.base === 'STRING') return (value) => parseTime(to.base, String(value).trim()) ?? failed(value, to.base);
  if (from.base === 'DATE' && to.base === 'TIMESTAMP') return (value) => Number(value) * dayMs;
  if (from.base !== 'TIMESTAMP') return undefined;
  if (to.base === 'DATE') return (value) => Math.floor(Number(value) / dayMs);
  return (value) => ((Number(value) % dayMs) + dayMs) % dayMs;
}

type Convert = (value: Value) => Value;
type Decimal = Extract<SqlType, { base: 'DECIMAL' }>;

/** Converts an element of an array, map or struct. ksqlDB's pull queries can convert a null element only to text. */
function partOf(from: SqlType, to: SqlType, isPull: boolean): Convert | undefined {
  const convert = conversion(from, to, isPull);
  if (convert === undefined) return undefined;
  return (value) =>
    value === null && !(isPull && to.base !== 'STRING' && !sameType(from, to)) ? null : convert(known(value));
}

function structOf(from: SqlType, to: SqlType, isPull: boolean): Convert | undefined {
  if (from.base !== 'STRUCT' || to.base !== 'STRUCT' || isPull) return undefined;
  const parts = to.fields.map(({ name, type }) => {
    const field = from.fields.find((each) => each.name === name);
    return { name, convert: field === undefined ? () => null : partOf(field.type, type, isPull) };
  });
  if (parts.some(({ convert }) => convert === undefined)) return undefined;
  return (value) =>
    isObject(value)
      ? Object.fromEntries(parts.map(({ name, convert }) => [name, convert?.(value[name] ?? null) ?? null]))
      : null;
}

function collectionOf(from: SqlType, to: SqlType, isPull: boolean): Convert | undefined {
  if (from.base === 'ARRAY' && to.base === 'ARRAY') {
    const element = partOf(from.element, to.element, isPull);
    return element && ((value) => (Array.isArray(value) ? value.map(element) : null));
  }
  if (from.base === 'MAP' && to.base === 'MAP' && sameType(from.key, to.key)) {
    const entry = partOf(from.value, to.value, isPull);
    return (
      entry &&
      ((value) =>
        isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, entry(each)])) : null)
    );
  }
  return structOf(from, to, isPull);
}

function conversion(from: SqlType, to: SqlType, isPull: boolean): Convert | undefined {
  if (sameType(from, to)) return (value) => value;
  const readable = isNumeric(from) || from.base === 'STRING';
  switch (to.base) {
    case 'STRING':
      if (from.base === 'BYTES') return undefined;
      // Pull queries use java.sql.Time, whose text always has seconds.
      if (from.base === 'TIME' && isPull) return (value) => timeText('TIMESTAMP', Number(value)).slice(11, 19);
      return (value) => javaText(value, from);
    case 'INTEGER':
      if (from.base === 'DOUBLE') return (value) => integerOfDouble(value, 32);
      return readable ? (value) => toInt32(integerOf(value, 'INTEGER')) : undefined;
    case 'BIGINT':
      if (from.base === 'DOUBLE') return (value) => integerOfDouble(value, 64);
      return readable ? (value) => integerOf(value, 'BIGINT') : undefined;
    case 'DOUBLE':
      return readable ? realOf : undefined;
    case 'DECIMAL':
      return readable ? decimalOf(from, to) : undefined;
    case 'BOOLEAN':
      return from.base === 'STRING' ? (value) => booleanOf(String(value)) : undefined;
    case 'BYTES':
      throw notSupported(`CAST from ${formatType(from)} to BYTES`);
    case 'TIMESTAMP':
    case 'DATE':
    case 'TIME':
      return timeOf(from, { base: to.base });
    default:
      return collectionOf(from, to, isPull);
  }
}

export function compileCast(operand: Compiled, type: SqlType, isPull = false): Compiled {
  if (operand.type === null) {
    if (isPull)
      throw new KsqlError(`Unexpected error generating code for expression: CAST(null AS ${formatType(type)})`);
    return { type, evaluate: () => null };
  }
  const convert = conversion(operand.type, type, isPull);
  if (convert === undefined)
    throw new KsqlError(`Cast of ${formatType(operand.type)} to ${formatType(type)} is not supported`);
  return {
    type,
    ...(operand.constant === true ? { constant: true } : {}),
    evaluate(row) {
      const value = operand.evaluate(row);
      return value === null ? null : convert(value);
    },
  };
}
