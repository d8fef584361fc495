import type { Literal } from '../parser/ast.ts';
import { formatLiteral } from '../parser/format-expression.ts';
import type { SqlType } from '../types/sql-type.ts';

const numberPattern = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Converts a literal of an IN list to the operand's type, where ksqlDB does: '9' to a number, 9 to text. */
export function coerceLiteral(literal: Literal, type: SqlType | null): Literal {
  if (literal.type === 'NULL' || type === null) return literal;
  if (type.base === 'STRING' && literal.type !== 'STRING')
    return { kind: 'literal', type: 'STRING', value: formatLiteral(literal) };
  if (literal.type !== 'STRING') return literal;
  const text = literal.value.trim();
  if (type.base === 'BOOLEAN' && /^(?:true|false)$/i.test(text))
    return { kind: 'literal', type: 'BOOLEAN', value: text.toLowerCase() === 'true' };
  const isNumber = ['INTEGER', 'BIGINT', 'DOUBLE', 'DECIMAL'].includes(type.base) && numberPattern.test(text);
  if (!isNumber) return literal;
  if (/^[+-]?\d{1,9}$/.test(text)) return { kind: 'literal', type: 'INTEGER', value: Number(text) };
  return { kind: 'literal', type: 'DOUBLE', value: Number(text) };
}
