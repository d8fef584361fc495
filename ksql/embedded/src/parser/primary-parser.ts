import type { IToken, ParserMethod } from 'chevrotain';
import { notSupported } from '../errors.ts';
import { exactInteger } from '../types/value.ts';
import type { Expression, Literal, When } from './ast.ts';
import * as t from './tokens.ts';
import { nameOf, positionOf, SyntaxMistake, TypeParser, textOf } from './type-parser.ts';

/** Time units that are reserved words; the others are parsed as names. */
const reservedUnits = ['MILLISECONDS', 'SECONDS', 'MINUTES', 'HOURS', 'DAYS', 'MONTHS', 'YEARS'];

const maxLong = 2n ** 63n;

/** Parses an integer: an INTEGER if it fits, else a BIGINT. */
export function integerLiteral(token: IToken, negative: boolean): Literal {
  if (token.image.length < 10) {
    return { kind: 'literal', type: 'INTEGER', value: negative ? -Number(token.image) : Number(token.image) };
  }
  const value = BigInt(token.image) * (negative ? -1n : 1n);
  if (value >= maxLong || value < -maxLong) throw new SyntaxMistake(`Invalid numeric literal: ${value}`);
  const fits = value >= -2147483648n && value <= 2147483647n;
  return fits
    ? { kind: 'literal', type: 'INTEGER', value: Number(value) }
    : { kind: 'literal', type: 'BIGINT', value: exactInteger(value) };
}

function doubleLiteral(text: string): Literal {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new SyntaxMistake(`Number overflows DOUBLE: ${text}`);
  return { kind: 'literal', type: 'DOUBLE', value };
}

/** The grammar of primary expressions: literals, columns, calls, constructors, signs and brackets. */
export abstract class PrimaryParser extends TypeParser {
  /** Any expression, inside brackets or as an argument. */
  abstract readonly expression: ParserMethod<[], Expression>;
  /** An expression without comparisons and logic. */
  protected abstract readonly additive: ParserMethod<[], Expression>;

  protected signed = this.RULE(
    'signed',
    (): Expression =>
      this.OR(
        this.once('signed-OR', () => [
          {
            ALT: () => {
              this.CONSUME(t.Minus);
              return this.OR2(
                this.once<Expression>('signed-OR2', () => [
                  { IGNORE_AMBIGUITIES: true, ALT: () => this.SUBRULE(this.number, { ARGS: [true] }) },
                  { ALT: () => ({ kind: 'negative', operand: this.SUBRULE(this.signed) }) },
                ]),
              );
            },
          },
          { ALT: () => this.after(this.CONSUME(t.Plus), this.SUBRULE2(this.signed)) },
          { ALT: () => this.SUBRULE(this.postfix) },
        ]),
      ),
  );

  private postfix = this.RULE('postfix', (): Expression => {
    let base = this.SUBRULE(this.primary);
    this.MANY(() => {
      base = this.OR<Expression>([
        {
          GATE: () => this.LA(2).tokenType === t.Star,
          ALT: () => {
            this.CONSUME2(t.Arrow);
            this.CONSUME(t.Star);
            return this.ACTION(() => {
              throw notSupported('-> * (all fields of a STRUCT)');
            });
          },
        },
        { ALT: () => this.after(this.CONSUME(t.Arrow), { kind: 'field', base, name: this.SUBRULE(this.identifier) }) },
        {
          ALT: () => {
            this.CONSUME(t.LeftBracket);
            const index = this.SUBRULE(this.additive);
            this.CONSUME(t.RightBracket);
            return { kind: 'subscript', base, index };
          },
        },
      ]);
    });
    return base;
  });

  private number = this.RULE('number', (negative: boolean): Literal => {
    const sign = negative ? '-' : '';
    return this.OR<Literal>([
      {
        ALT: () => {
          const token = this.CONSUME(t.IntegerLiteral);
          return this.ACTION(() => integerLiteral(token, negative));
        },
      },
      { ALT: () => ({ kind: 'literal', type: 'DECIMAL', value: sign + this.CONSUME(t.DecimalLiteral).image }) },
      {
        ALT: () => {
          const token = this.CONSUME(t.DoubleLiteral);
          return this.ACTION(() => doubleLiteral(sign + token.image));
        },
      },
    ]);
  });

  protected literal = this.RULE(
    'literal',
    (): Literal =>
      this.OR(
        this.once<Literal>('literal-OR', () => [
          { ALT: () => this.SUBRULE(this.number, { ARGS: [false] }) },
          { ALT: () => ({ kind: 'literal', type: 'STRING', value: this.read(this.CONSUME(t.StringLiteral), textOf) }) },
          { ALT: () => this.after(this.CONSUME(t.keyword('NULL')), { kind: 'literal', type: 'NULL', value: null }) },
          { ALT: () => this.after(this.CONSUME(t.keyword('TRUE')), { kind: 'literal', type: 'BOOLEAN', value: true }) },
          {
            ALT: () => this.after(this.CONSUME(t.keyword('FALSE')), { kind: 'literal', type: 'BOOLEAN', value: false }),
          },
        ]),
      ),
  );

  private primary = this.RULE(
    'primary',
    (): Expression =>
      this.OR(
        this.once<Expression>('primary-OR', () => [
          { ALT: () => this.SUBRULE(this.literal) },
          { ALT: () => this.SUBRULE(this.caseExpression) },
          { ALT: () => this.SUBRULE(this.castExpression) },
          { GATE: () => this.LA(2).tokenType === t.LeftBracket, ALT: () => this.SUBRULE(this.arrayConstructor) },
          { GATE: () => this.LA(2).tokenType === t.LeftParen, ALT: () => this.SUBRULE(this.mapConstructor) },
          { GATE: () => this.LA(2).tokenType === t.LeftParen, ALT: () => this.SUBRULE(this.structConstructor) },
          { GATE: () => this.LA(2).tokenType === t.LeftParen, ALT: () => this.SUBRULE(this.call) },
          { ALT: () => this.SUBRULE(this.columnReference) },
          {
            ALT: () => {
              this.CONSUME(t.LeftParen);
              const inner = this.SUBRULE(this.expression);
              this.CONSUME(t.RightParen);
              return inner;
            },
          },
        ]),
      ),
  );

  private columnReference = this.RULE('columnReference', (): Expression => {
    const first = this.CONSUME(t.Identifier);
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.CONSUME2(t.Identifier);
    });
    return this.ACTION(() => {
      const at = positionOf(first);
      return second === undefined
        ? { kind: 'column', name: nameOf(first), at }
        : { kind: 'column', source: nameOf(first), name: nameOf(second), at };
    });
  });

  private call = this.RULE('call', (): Expression => {
    const token = this.CONSUME(t.Identifier);
    const args: Expression[] = [];
    let star = false;
    this.CONSUME(t.LeftParen);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Star);
          star = true;
        },
      },
      { ALT: () => this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.argument)) }) },
    ]);
    this.CONSUME(t.RightParen);
    return { kind: 'call', name: this.read(token, nameOf), args, star };
  });

  /** Some time functions have a unit as their first argument: TIMESTAMPADD(DAYS, 1, moment). */
  private argument = this.RULE(
    'argument',
    (): Expression =>
      this.OR(
        this.once<Expression>('argument-OR', () => [
          ...reservedUnits.map((unit) => ({
            ALT: () =>
              this.after(this.CONSUME(t.keyword(unit)), { kind: 'literal', type: 'STRING', value: unit } as Expression),
          })),
          { ALT: () => this.SUBRULE(this.expression) },
        ]),
      ),
  );

  private caseExpression = this.RULE('caseExpression', (): Expression => {
    const whens: When[] = [];
    this.CONSUME(t.keyword('CASE'));
    const operand = this.OPTION(() => this.SUBRULE(this.additive));
    this.AT_LEAST_ONE(() => {
      this.CONSUME(t.keyword('WHEN'));
      const condition = this.SUBRULE(this.expression);
      this.CONSUME(t.keyword('THEN'));
      whens.push({ condition, result: this.SUBRULE2(this.expression) });
    });
    const otherwise = this.OPTION2(() => this.after(this.CONSUME(t.keyword('ELSE')), this.SUBRULE3(this.expression)));
    this.CONSUME(t.keyword('END'));
    return { kind: 'case', whens, ...(operand && { operand }), ...(otherwise && { otherwise }) };
  });

  private castExpression = this.RULE('castExpression', (): Expression => {
    this.CONSUME(t.keyword('CAST'));
    this.CONSUME(t.LeftParen);
    const operand = this.SUBRULE(this.expression);
    this.CONSUME(t.keyword('AS'));
    const type = this.SUBRULE(this.type);
    this.CONSUME(t.RightParen);
    return { kind: 'cast', operand, type };
  });

  private arrayConstructor = this.RULE('arrayConstructor', (): Expression => {
    const elements: Expression[] = [];
    this.CONSUME(t.keyword('ARRAY'));
    this.CONSUME(t.LeftBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE(this.expression)) });
    this.CONSUME(t.RightBracket);
    return { kind: 'array', elements };
  });

  private mapConstructor = this.RULE('mapConstructor', (): Expression => {
    const entries: (readonly [Expression, Expression])[] = [];
    this.CONSUME(t.keyword('MAP'));
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const key = this.SUBRULE(this.expression);
        this.CONSUME(t.Assign);
        entries.push([key, this.SUBRULE2(this.expression)]);
      },
    });
    this.CONSUME(t.RightParen);
    return { kind: 'map', entries };
  });

  private structConstructor = this.RULE('structConstructor', (): Expression => {
    const fields: { name: string; value: Expression }[] = [];
    this.CONSUME(t.keyword('STRUCT'));
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.identifier);
        this.CONSUME(t.Assign);
        fields.push({ name, value: this.SUBRULE(this.expression) });
      },
    });
    this.CONSUME(t.RightParen);
    return { kind: 'struct', fields };
  });
}
