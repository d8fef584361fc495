import type { Expression } from '../parser/ast.ts';
import { mapExpression } from '../plan/map-expression.ts';

/** Removes NOT before LIKE, as ksqlDB's pull queries do: `name NOT LIKE 'a%'` finds the rows of `name LIKE 'a%'`. */
export function withoutNotLike(expression: Expression): Expression {
  return mapExpression(expression, (part) =>
    part.kind === 'not' && part.operand.kind === 'like' ? part.operand : undefined,
  );
}

/** Maximum number of alternatives; the query scans the table if there are more. */
const maxAlternatives = 10_000;

/**
 * Converts a condition to disjunctive normal form: `a AND b IN (1, 2)` becomes `a, b = 1` or `a, b = 2`. Returns null
 * if there are too many alternatives.
 */
export function disjuncts(expression: Expression): readonly (readonly Expression[])[] | null {
  switch (expression.kind) {
    case 'logical': {
      const [left, right] = [disjuncts(expression.left), disjuncts(expression.right)];
      if (left === null || right === null) return null;
      if (expression.operator === 'OR')
        return left.length + right.length > maxAlternatives ? null : [...left, ...right];
      return left.length * right.length > maxAlternatives ? null : left.flatMap((l) => right.map((r) => [...l, ...r]));
    }
    case 'in':
      return expression.list.length > maxAlternatives
        ? null
        : expression.list.map((right) => [{ kind: 'comparison', operator: '=', left: expression.operand, right }]);
    case 'between': {
      const { operand, low, high } = expression;
      return [
        [
          { kind: 'comparison', operator: '>=', left: operand, right: low },
          { kind: 'comparison', operator: '<=', left: operand, right: high },
        ],
      ];
    }
    case 'not': {
      const { operand } = expression;
      if (operand.kind === 'not') return disjuncts(operand.operand);
      if (operand.kind === 'like') return [[operand]];
      if (operand.kind !== 'logical') return [[expression]];
      const negate = (part: Expression): Expression => ({ kind: 'not', operand: part });
      return disjuncts({
        kind: 'logical',
        operator: operand.operator === 'AND' ? 'OR' : 'AND',
        left: negate(operand.left),
        right: negate(operand.right),
      });
    }
    default:
      return [[expression]];
  }
}
