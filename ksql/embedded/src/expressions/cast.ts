import { KsqlError, notSupported } from '../errors.ts';
import { formatType, isNumeric, type SqlType, sameType } from '../types/sql-type.ts';
import { isTime, parseTime, timeText } from '../types/times.ts';
import { exactInteger, toInt32, type Value } from '../types/value.ts';
import { type Compiled, EvaluationError } from './compiled.ts';

/** Java's Double.toString: at least one digit behind the point, an exponent outside 10^-3 … 10^7. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = Object.is(value, -0) ? '-0' : String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}

const failed = (value: Value, type: string): never => {
  throw new EvaluationError(`cannot cast ${String(value)} to ${type}`);
};

function integerOf(value: Value, type: 'INTEGER' | 'BIGINT'): number | bigint {
  if (typeof value === 'string') {
    if (!/^\s*[+-]?\d+\s*$/.test(value)) return failed(value, type);
    const whole = BigInt(value.trim().replace('+', ''));
    return BigInt.asIntN(type === 'INTEGER' ? 32 : 64, whole) === whole ? exactInteger(whole) : failed(value, type);
  }
  if (typeof value === 'bigint') return value;
  const whole = Math.trunc(Number(value));
  return Number.isSafeInteger(whole)
    ? whole + 0
    : Number.isFinite(whole)
      ? exactInteger(BigInt(whole))
      : failed(value, type);
}

function realOf(value: Value): number {
  if (typeof value !== 'string') return Number(value);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? failed(value, 'DOUBLE') : number;
}

/** Text is true if it begins a word for yes, false otherwise; anything else is not a boolean. */
function booleanOf(text: string): boolean {
  const word = text.trim().toLowerCase();
  return word !== '' && ('true'.startsWith(word) || 'yes'.startsWith(word) || word === '1');
}

function conversion(from: SqlType, to: SqlType): ((value: Value) => Value) | undefined {
  if (sameType(from, to)) return (value) => value;
  const readable = isNumeric(from) || from.base === 'STRING';
  switch (to.base) {
    case 'STRING':
      if (from.base === 'DOUBLE') return (value) => doubleText(Number(value));
      if (from.base === 'DECIMAL') return (value) => Number(value).toFixed(from.scale);
      if (isTime(from)) return (value) => timeText(from.base, Number(value));
      return isNumeric(from) || from.base === 'BOOLEAN' ? String : undefined;
    case 'INTEGER':
      return readable ? (value) => toInt32(integerOf(value, 'INTEGER')) : undefined;
    case 'BIGINT':
      return readable ? (value) => integerOf(value, 'BIGINT') : undefined;
    case 'DOUBLE':
      return readable ? realOf : undefined;
    case 'DECIMAL': {
      if (!readable) return undefined;
      if (to.precision > 15) throw notSupported('decimals of more than 15 digits');
      return (value) => {
        const number = Number(realOf(value).toFixed(to.scale));
        return Math.abs(number) >= 10 ** (to.precision - to.scale) ? failed(value, formatType(to)) : number;
      };
    }
    case 'BOOLEAN':
      return from.base === 'STRING' ? (value) => booleanOf(String(value)) : undefined;
    default:
      if (isTime(to) && from.base === 'STRING')
        return (value) => parseTime(to.base, String(value)) ?? failed(value, to.base);
      throw notSupported(`CAST from ${formatType(from)} to ${formatType(to)}`);
  }
}

export function compileCast(operand: Compiled, type: SqlType): Compiled {
  if (operand.type === null) return { type, evaluate: () => null };
  const convert = conversion(operand.type, type);
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
