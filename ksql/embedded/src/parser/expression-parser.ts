import {
  type ArithmeticOperator,
  barsFunction,
  type ComparisonOperator,
  type Expression,
  type Literal,
} from './ast.ts';
import { integerLiteral, PrimaryParser } from './primary-parser.ts';
import * as t from './tokens.ts';
import { textOf } from './type-parser.ts';

/** The grammar of ksqlDB's expressions: logic, predicates, sums and products. */
export class ExpressionParser extends PrimaryParser {
  expression = this.RULE('expression', (): Expression => this.SUBRULE(this.disjunction));

  private disjunction = this.RULE('disjunction', (): Expression => {
    let left = this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(t.keyword('OR'));
      left = { kind: 'logical', operator: 'OR', left, right: this.SUBRULE2(this.conjunction) };
    });
    return left;
  });

  private conjunction = this.RULE('conjunction', (): Expression => {
    let left = this.SUBRULE(this.negation);
    this.MANY(() => {
      this.CONSUME(t.keyword('AND'));
      left = { kind: 'logical', operator: 'AND', left, right: this.SUBRULE2(this.negation) };
    });
    return left;
  });

  private negation = this.RULE(
    'negation',
    (): Expression =>
      this.OR(
        this.once('negation-OR', () => [
          {
            ALT: () => {
              this.CONSUME(t.keyword('NOT'));
              return { kind: 'not', operand: this.SUBRULE(this.negation) } satisfies Expression;
            },
          },
          { ALT: () => this.SUBRULE(this.predicated) },
        ]),
      ),
  );

  private predicated = this.RULE('predicated', (): Expression => {
    let operand = this.SUBRULE(this.additive);
    this.OPTION(() => {
      operand = this.OR([
        { ALT: () => this.SUBRULE(this.comparison, { ARGS: [operand] }) },
        { ALT: () => this.SUBRULE(this.isPredicate, { ARGS: [operand] }) },
        {
          ALT: () => {
            const negated = this.OPTION2(() => this.CONSUME(t.keyword('NOT'))) !== undefined;
            const predicate = this.OR2([
              { ALT: () => this.SUBRULE(this.betweenPredicate, { ARGS: [operand] }) },
              { ALT: () => this.SUBRULE(this.inPredicate, { ARGS: [operand] }) },
              { ALT: () => this.SUBRULE(this.likePredicate, { ARGS: [operand] }) },
            ]);
            return negated ? ({ kind: 'not', operand: predicate } satisfies Expression) : predicate;
          },
        },
      ]);
    });
    return operand;
  });

  private comparison = this.RULE('comparison', (left: Expression): Expression => {
    const operator = this.OR(
      this.once<ComparisonOperator>('comparison-OR', () => [
        { ALT: () => this.after(this.CONSUME(t.Equal), '=') },
        { ALT: () => this.after(this.CONSUME(t.NotEqual), '<>') },
        { ALT: () => this.after(this.CONSUME(t.Less), '<') },
        { ALT: () => this.after(this.CONSUME(t.LessEqual), '<=') },
        { ALT: () => this.after(this.CONSUME(t.Greater), '>') },
        { ALT: () => this.after(this.CONSUME(t.GreaterEqual), '>=') },
      ]),
    );
    return { kind: 'comparison', operator, left, right: this.SUBRULE(this.additive) };
  });

  private isPredicate = this.RULE('isPredicate', (operand: Expression): Expression => {
    this.CONSUME(t.keyword('IS'));
    const negated = this.OPTION(() => this.CONSUME(t.keyword('NOT'))) !== undefined;
    return this.OR<Expression>([
      { ALT: () => this.after(this.CONSUME(t.keyword('NULL')), { kind: 'isNull', operand, negated }) },
      {
        ALT: () => {
          this.CONSUME(t.keyword('DISTINCT'));
          this.CONSUME(t.keyword('FROM'));
          const operator = negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM';
          return { kind: 'comparison', operator, left: operand, right: this.SUBRULE(this.additive) };
        },
      },
    ]);
  });

  private betweenPredicate = this.RULE('betweenPredicate', (operand: Expression): Expression => {
    this.CONSUME(t.keyword('BETWEEN'));
    const low = this.SUBRULE(this.additive);
    this.CONSUME(t.keyword('AND'));
    return { kind: 'between', operand, low, high: this.SUBRULE2(this.additive) };
  });

  private inPredicate = this.RULE('inPredicate', (operand: Expression): Expression => {
    const list: Expression[] = [];
    this.CONSUME(t.keyword('IN'));
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => list.push(this.plainElement() ?? this.SUBRULE(this.expression)),
    });
    this.CONSUME(t.RightParen);
    return { kind: 'in', operand, list };
  });

  /** A single literal in an IN list. Lists can be long, and this skips the descent through the grammar. */
  private plainElement(): Literal | undefined {
    return this.ACTION(() => {
      const next = this.LA(2).tokenType;
      if (next !== t.Comma && next !== t.RightParen) return undefined;
      const { tokenType } = this.LA(1);
      if (tokenType === t.IntegerLiteral) return integerLiteral(this.CONSUME1(t.IntegerLiteral), false);
      if (tokenType !== t.StringLiteral) return undefined;
      return { kind: 'literal', type: 'STRING', value: textOf(this.CONSUME1(t.StringLiteral)) };
    });
  }

  private likePredicate = this.RULE('likePredicate', (operand: Expression): Expression => {
    this.CONSUME(t.keyword('LIKE'));
    const pattern = this.SUBRULE(this.additive);
    const escaping = this.OPTION(() => {
      this.CONSUME(t.keyword('ESCAPE'));
      return this.CONSUME(t.StringLiteral);
    });
    return {
      kind: 'like',
      operand,
      pattern,
      ...(escaping === undefined ? {} : { escape: this.read(escaping, textOf) }),
    };
  });

  protected additive = this.RULE('additive', (): Expression => {
    let left = this.SUBRULE(this.multiplicative);
    this.MANY(() => {
      const operator = this.OR(
        this.once<'+' | '-' | '||'>('additive-OR', () => [
          { ALT: () => this.after(this.CONSUME(t.Plus), '+') },
          { ALT: () => this.after(this.CONSUME(t.Minus), '-') },
          { ALT: () => this.after(this.CONSUME(t.Concat), '||') },
        ]),
      );
      const right = this.SUBRULE2(this.multiplicative);
      left =
        operator === '||'
          ? { kind: 'call', name: barsFunction, args: [left, right], star: false }
          : { kind: 'arithmetic', operator, left, right };
    });
    return left;
  });

  private multiplicative = this.RULE('multiplicative', (): Expression => {
    let left = this.SUBRULE(this.signed);
    this.MANY(() => {
      const operator = this.OR(
        this.once<ArithmeticOperator>('multiplicative-OR', () => [
          { ALT: () => this.after(this.CONSUME(t.Star), '*') },
          { ALT: () => this.after(this.CONSUME(t.Slash), '/') },
          { ALT: () => this.after(this.CONSUME(t.Percent), '%') },
        ]),
      );
      left = { kind: 'arithmetic', operator, left, right: this.SUBRULE2(this.signed) };
    });
    return left;
  });
}
