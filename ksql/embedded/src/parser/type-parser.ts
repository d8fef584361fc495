import { EmbeddedActionsParser, type IOrAlt, type IToken } from 'chevrotain';
import { type SqlType, STRING, typeNames } from '../types/sql-type.ts';
import type { Position } from './ast.ts';
import * as t from './tokens.ts';

/** A syntax error that the grammar does not find: a number out of range, an unknown type. */
export class SyntaxMistake extends Error {
  override readonly name = 'SyntaxMistake';
}

export const positionOf = (token: IToken): Position => ({ line: token.startLine ?? 1, column: token.startColumn ?? 1 });

/** Returns a token's name: unquoted names become upper case, quoted ones stay as written. */
export function nameOf(token: IToken): string {
  const quote = token.image.charAt(0);
  if (quote !== '"' && quote !== '`') return token.image.toUpperCase();
  return token.image.slice(1, -1).replaceAll(quote + quote, quote);
}

export const textOf = (token: IToken): string => token.image.slice(1, -1).replaceAll("''", "'");

function decimalOf([precision, scale]: readonly number[]): SqlType {
  if (precision === undefined || scale === undefined)
    throw new SyntaxMistake('Syntax Error\nExpecting DECIMAL(precision, scale)');
  return { base: 'DECIMAL', precision, scale };
}

/** The grammar of ksqlDB's types, and the base class of the other grammars. Parsing builds the AST. */
export class TypeParser extends EmbeddedActionsParser {
  constructor() {
    super([...t.allTokens], { maxLookahead: 3, recoveryEnabled: false });
  }

  /**
   * Caches the alternatives of a choice, because creating them costs more than the choice itself. They may use only the
   * parser, no local variables.
   */
  protected once<T>(choice: string, make: () => IOrAlt<T>[]): IOrAlt<T>[] {
    const known = this.#choices.get(choice);
    if (known !== undefined) return known as IOrAlt<T>[];
    const made = make();
    this.#choices.set(choice, made);
    return made;
  }
  readonly #choices = new Map<string, unknown>();

  /** Returns the value after the tokens were consumed. */
  protected after<T>(_read: unknown, value: T): T {
    return value;
  }

  /** Reads a token, except while chevrotain records the grammar and tokens have no text. */
  protected read<T>(token: IToken, reader: (token: IToken) => T): T {
    return this.ACTION(() => reader(token));
  }

  protected identifier = this.RULE('identifier', (): string => this.read(this.CONSUME(t.Identifier), nameOf));

  type = this.RULE(
    'type',
    (): SqlType =>
      this.OR<SqlType>([
        {
          ALT: () => {
            this.CONSUME(t.keyword('ARRAY'));
            this.CONSUME(t.Less);
            const element = this.SUBRULE(this.type);
            this.CONSUME(t.Greater);
            return { base: 'ARRAY', element };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.keyword('MAP'));
            this.CONSUME2(t.Less);
            const key = this.SUBRULE2(this.type);
            this.CONSUME(t.Comma);
            const value = this.SUBRULE3(this.type);
            this.CONSUME2(t.Greater);
            return { base: 'MAP', key, value };
          },
        },
        { ALT: () => this.SUBRULE(this.structType) },
        { ALT: () => this.SUBRULE(this.namedType) },
      ]),
  );

  private structType = this.RULE('structType', (): SqlType => {
    const fields: { name: string; type: SqlType }[] = [];
    this.CONSUME(t.keyword('STRUCT'));
    this.CONSUME(t.Less);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.identifier);
        fields.push({ name, type: this.SUBRULE(this.type) });
      },
    });
    this.CONSUME(t.Greater);
    return this.ACTION(() => {
      const twice = fields.find(({ name }, i) => fields.findIndex((other) => other.name === name) !== i);
      if (twice !== undefined) throw new SyntaxMistake(`Duplicate field names found in STRUCT: '\`${twice.name}\`'`);
      return { base: 'STRUCT', fields };
    });
  });

  private namedType = this.RULE('namedType', (): SqlType => {
    const token = this.CONSUME(t.Identifier);
    const parameters: number[] = [];
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => parameters.push(Number(this.CONSUME(t.IntegerLiteral).image)),
      });
      this.CONSUME(t.RightParen);
    });
    return this.ACTION(() => {
      const name = nameOf(token);
      if (name === 'DECIMAL') return decimalOf(parameters);
      const base = typeNames.get(name);
      if (base === undefined) throw new SyntaxMistake(`Cannot resolve unknown type: ${token.image}`);
      return base === 'STRING' ? STRING : { base };
    });
  });
}
