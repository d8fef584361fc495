import type { Expression, Join, JoinKind, Query, SelectItem, SourceReference } from './ast.ts';
import { ExpressionParser } from './expression-parser.ts';
import * as t from './tokens.ts';

/** The grammar of SELECT. */
export class QueryParser extends ExpressionParser {
  protected query = this.RULE('query', (): Query => {
    const select: SelectItem[] = [];
    const joins: Join[] = [];
    this.CONSUME(t.keyword('SELECT'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => select.push(this.SUBRULE(this.selectItem)) });
    this.CONSUME(t.keyword('FROM'));
    const from = this.SUBRULE(this.source);
    this.MANY(() => joins.push(this.SUBRULE(this.join)));
    const window = this.OPTION1(() => this.SUBRULE(this.window));
    const where = this.OPTION2(() => this.after(this.CONSUME(t.keyword('WHERE')), this.SUBRULE2(this.expression)));
    const groupBy = this.OPTION3(() => {
      this.CONSUME(t.keyword('GROUP'));
      this.CONSUME(t.keyword('BY'));
      return this.SUBRULE(this.expressionList);
    });
    const partitionBy = this.OPTION4(() => {
      this.CONSUME(t.keyword('PARTITION'));
      this.CONSUME2(t.keyword('BY'));
      return this.SUBRULE2(this.expressionList);
    });
    const having = this.OPTION5(() => this.after(this.CONSUME(t.keyword('HAVING')), this.SUBRULE3(this.expression)));
    const emit = this.OPTION6(() => {
      this.CONSUME(t.keyword('EMIT'));
      return this.OR<'CHANGES' | 'FINAL'>([
        { ALT: () => this.after(this.CONSUME(t.keyword('CHANGES')), 'CHANGES') },
        { ALT: () => this.after(this.CONSUME(t.keyword('FINAL')), 'FINAL') },
      ]);
    });
    const limit = this.OPTION7(() => {
      this.CONSUME(t.keyword('LIMIT'));
      const sign = this.OPTION8(() => this.CONSUME(t.Minus)) === undefined ? 1 : -1;
      const { image } = this.CONSUME(t.IntegerLiteral);
      return sign * Number(image);
    });
    return {
      select,
      from,
      joins,
      groupBy: groupBy ?? [],
      partitionBy: partitionBy ?? [],
      ...(window === undefined ? {} : { window }),
      ...(where && { where }),
      ...(having && { having }),
      ...(emit && { emit }),
      ...(limit !== undefined && { limit }),
    };
  });

  private expressionList = this.RULE('expressionList', (): Expression[] => {
    const list: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => list.push(this.SUBRULE(this.expression)) });
    return list;
  });

  private selectItem = this.RULE(
    'selectItem',
    (): SelectItem =>
      this.OR(
        this.once<SelectItem>('selectItem-OR', () => [
          { ALT: () => this.after(this.CONSUME(t.Star), { kind: 'star' }) },
          {
            GATE: () => this.LA(2).tokenType === t.Dot && this.LA(3).tokenType === t.Star,
            ALT: () => {
              const source = this.SUBRULE(this.identifier);
              this.CONSUME(t.Dot);
              this.CONSUME2(t.Star);
              return { kind: 'star', source };
            },
          },
          {
            ALT: () => {
              const expression = this.SUBRULE(this.expression);
              const alias = this.OPTION(() => {
                this.OPTION2(() => this.CONSUME(t.keyword('AS')));
                return this.SUBRULE2(this.identifier);
              });
              return { kind: 'single', expression, ...(alias === undefined ? {} : { alias }) };
            },
          },
        ]),
      ),
  );

  private source = this.RULE('source', (): SourceReference => {
    const name = this.SUBRULE(this.identifier);
    // EMIT and PARTITION start the next clause here, although they are valid names elsewhere.
    const mayBeAlias = (): boolean => {
      const next = this.LA(1).tokenType;
      return next !== t.keyword('EMIT') && next !== t.keyword('PARTITION');
    };
    const alias = this.OPTION({
      GATE: mayBeAlias,
      DEF: () => {
        this.OPTION2(() => this.CONSUME(t.keyword('AS')));
        return this.SUBRULE2(this.identifier);
      },
    });
    return { name, alias: alias ?? name };
  });

  private join = this.RULE('join', (): Join => {
    const kind = this.OPTION(() => this.SUBRULE(this.joinKind)) ?? 'INNER';
    this.CONSUME(t.keyword('JOIN'));
    const source = this.SUBRULE(this.source);
    const within = this.OPTION2(() => this.SUBRULE(this.within)) !== undefined;
    this.CONSUME(t.keyword('ON'));
    return { kind, source, within, on: this.SUBRULE(this.expression) };
  });

  private joinKind = this.RULE('joinKind', (): JoinKind => {
    const kind = this.OR(
      this.once<JoinKind>('joinKind-OR', () => [
        { ALT: () => this.after(this.CONSUME(t.keyword('INNER')), 'INNER') },
        { ALT: () => this.after(this.CONSUME(t.keyword('LEFT')), 'LEFT OUTER') },
        { ALT: () => this.after(this.CONSUME(t.keyword('RIGHT')), 'RIGHT OUTER') },
        { ALT: () => this.after(this.CONSUME(t.keyword('FULL')), 'FULL OUTER') },
      ]),
    );
    this.OPTION({ GATE: () => kind !== 'INNER', DEF: () => this.CONSUME(t.keyword('OUTER')) });
    return kind;
  });

  private within = this.RULE('within', (): true => {
    this.CONSUME(t.keyword('WITHIN'));
    this.OR([
      { ALT: () => this.SUBRULE(this.duration) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.duration) });
          this.CONSUME(t.RightParen);
        },
      },
    ]);
    this.OPTION(() => {
      this.CONSUME(t.keyword('GRACE'));
      this.CONSUME(t.keyword('PERIOD'));
      this.SUBRULE3(this.duration);
    });
    return true;
  });

  private duration = this.RULE('duration', (): void => {
    this.CONSUME(t.IntegerLiteral);
    this.OR(
      ['DAY', 'DAYS', 'HOUR', 'HOURS', 'MINUTE', 'MINUTES', 'SECOND', 'SECONDS', 'MILLISECOND', 'MILLISECONDS'].map(
        (unit) => ({
          ALT: () => this.CONSUME(t.keyword(unit)),
        }),
      ),
    );
  });

  /** Parses a window, so that the error message can name it. */
  private window = this.RULE('window', (): string => {
    this.CONSUME(t.keyword('WINDOW'));
    const kind = this.OR([
      { ALT: () => this.CONSUME(t.keyword('TUMBLING')) },
      { ALT: () => this.CONSUME(t.keyword('HOPPING')) },
      { ALT: () => this.CONSUME(t.keyword('SESSION')) },
    ]);
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        this.OPTION(() =>
          this.OR2([
            { ALT: () => this.CONSUME(t.keyword('SIZE')) },
            {
              ALT: () => {
                this.CONSUME(t.keyword('ADVANCE'));
                this.CONSUME(t.keyword('BY'));
              },
            },
            { ALT: () => this.CONSUME(t.keyword('RETENTION')) },
            {
              ALT: () => {
                this.CONSUME(t.keyword('GRACE'));
                this.CONSUME(t.keyword('PERIOD'));
              },
            },
          ]),
        );
        this.SUBRULE(this.duration);
      },
    });
    this.CONSUME(t.RightParen);
    return this.read(kind, (token) => token.image.toUpperCase());
  });
}
