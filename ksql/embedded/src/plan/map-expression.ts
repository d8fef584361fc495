import type { Expression } from '../parser/ast.ts';

/** Returns what stands in for a part, or undefined to go on inside it. */
type Replace = (part: Expression) => Expression | undefined;

/** The expression with parts replaced, outermost first. */
export function mapExpression(expression: Expression, replace: Replace): Expression {
  const replaced = replace(expression);
  if (replaced !== undefined) return replaced;
  const map = (part: Expression): Expression => mapExpression(part, replace);
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression;
    case 'negative':
    case 'not':
    case 'isNull':
    case 'cast':
      return { ...expression, operand: map(expression.operand) };
    case 'arithmetic':
    case 'comparison':
    case 'logical':
      return { ...expression, left: map(expression.left), right: map(expression.right) };
    case 'in':
      return { ...expression, operand: map(expression.operand), list: expression.list.map(map) };
    case 'like':
      return { ...expression, operand: map(expression.operand), pattern: map(expression.pattern) };
    case 'between':
      return { ...expression, operand: map(expression.operand), low: map(expression.low), high: map(expression.high) };
    case 'case':
      return {
        ...expression,
        ...(expression.operand && { operand: map(expression.operand) }),
        ...(expression.otherwise && { otherwise: map(expression.otherwise) }),
        whens: expression.whens.map(({ condition, result }) => ({ condition: map(condition), result: map(result) })),
      };
    case 'call':
      return { ...expression, args: expression.args.map(map) };
    case 'field':
      return { ...expression, base: map(expression.base) };
    case 'subscript':
      return { ...expression, base: map(expression.base), index: map(expression.index) };
    case 'struct':
      return { ...expression, fields: expression.fields.map(({ name, value }) => ({ name, value: map(value) })) };
    case 'array':
      return { ...expression, elements: expression.elements.map(map) };
    case 'map':
      return { ...expression, entries: expression.entries.map(([key, value]) => [map(key), map(value)] as const) };
  }
}
