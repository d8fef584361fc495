import type { Expression } from '../parser/ast.ts';

/** Returns the replacement of a part, or undefined to descend into it. */
type Replace = (part: Expression) => Expression | undefined;

/** Replaces parts of an expression, outermost first. */
export function mapExpression(expression: Expression, replace: Replace): Expression {
  const replaced = replace(expression);
  if (replaced !== undefined) return replaced;
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression;
    case 'negative':
    case 'not':
    case 'isNull':
    case 'cast':
      return { ...expression, operand: mapExpression(expression.operand, replace) };
    case 'arithmetic':
    case 'comparison':
    case 'logical':
      return {
        ...expression,
        left: mapExpression(expression.left, replace),
        right: mapExpression(expression.right, replace),
      };
    case 'in':
      return {
        ...expression,
        operand: mapExpression(expression.operand, replace),
        list: expression.list.map((part) => mapExpression(part, replace)),
      };
    case 'like':
      return {
        ...expression,
        operand: mapExpression(expression.operand, replace),
        pattern: mapExpression(expression.pattern, replace),
      };
    case 'between':
      return {
        ...expression,
        operand: mapExpression(expression.operand, replace),
        low: mapExpression(expression.low, replace),
        high: mapExpression(expression.high, replace),
      };
    case 'case':
      return {
        ...expression,
        ...(expression.operand && { operand: mapExpression(expression.operand, replace) }),
        ...(expression.otherwise && { otherwise: mapExpression(expression.otherwise, replace) }),
        whens: expression.whens.map(({ condition, result }) => ({
          condition: mapExpression(condition, replace),
          result: mapExpression(result, replace),
        })),
      };
    case 'call':
      return { ...expression, args: expression.args.map((part) => mapExpression(part, replace)) };
    case 'field':
      return { ...expression, base: mapExpression(expression.base, replace) };
    case 'subscript':
      return {
        ...expression,
        base: mapExpression(expression.base, replace),
        index: mapExpression(expression.index, replace),
      };
    case 'struct':
      return {
        ...expression,
        fields: expression.fields.map(({ name, value }) => ({ name, value: mapExpression(value, replace) })),
      };
    case 'array':
      return { ...expression, elements: expression.elements.map((part) => mapExpression(part, replace)) };
    case 'map':
      return {
        ...expression,
        entries: expression.entries.map(
          ([key, value]) => [mapExpression(key, replace), mapExpression(value, replace)] as const,
        ),
      };
  }
}
