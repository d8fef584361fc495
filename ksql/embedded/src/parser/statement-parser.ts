import type { ColumnDefinition, Expression, ListedKind, Properties, SourceKind, Statement } from './ast.ts';
import { QueryParser } from './query-parser.ts';
import * as t from './tokens.ts';
import { nameOf, textOf } from './type-parser.ts';

const listedKinds: readonly ListedKind[] = [
  'STREAMS',
  'TABLES',
  'QUERIES',
  'TOPICS',
  'PROPERTIES',
  'FUNCTIONS',
  'VARIABLES',
  'TYPES',
  'CONNECTORS',
];

/** The grammar of ksqlDB's statements, without the semicolon that ends one. */
export class StatementParser extends QueryParser {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  statement = this.RULE(
    'statement',
    (): Statement =>
      this.OR(
        this.once<Statement>('statement-OR', () => [
          { ALT: () => ({ kind: 'select', query: this.SUBRULE(this.query) }) },
          { ALT: () => this.SUBRULE(this.create) },
          { ALT: () => this.SUBRULE(this.insert) },
          { ALT: () => this.SUBRULE(this.drop) },
          { ALT: () => this.SUBRULE(this.list) },
          { ALT: () => this.SUBRULE(this.describe) },
          { ALT: () => this.SUBRULE(this.explain) },
          { ALT: () => this.SUBRULE(this.control) },
          { ALT: () => this.SUBRULE(this.setting) },
          { ALT: () => this.SUBRULE(this.print) },
        ]),
      ),
  );

  private create = this.RULE('create', (): Statement => {
    this.CONSUME(t.keyword('CREATE'));
    const orReplace =
      this.OPTION1(() => this.after(this.CONSUME(t.keyword('OR')), this.CONSUME(t.keyword('REPLACE')))) !== undefined;
    const readOnly = this.OPTION2(() => this.CONSUME(t.keyword('SOURCE'))) !== undefined;
    const of = this.SUBRULE(this.sourceKind);
    const ifNotExists =
      this.OPTION3(() => {
        this.CONSUME(t.keyword('IF'));
        this.CONSUME(t.keyword('NOT'));
        return this.CONSUME(t.keyword('EXISTS'));
      }) !== undefined;
    const name = this.SUBRULE(this.identifier);
    const columns = this.OPTION4(() => this.SUBRULE(this.columns));
    const properties =
      this.OPTION5(() => this.after(this.CONSUME(t.keyword('WITH')), this.SUBRULE(this.properties))) ?? new Map();
    const query = this.OPTION6({
      GATE: () => columns === undefined && !readOnly,
      DEF: () => this.after(this.CONSUME(t.keyword('AS')), this.SUBRULE(this.query)),
    });
    const common = { of, name, orReplace, ifNotExists, properties };
    return query === undefined
      ? { kind: 'createSource', ...common, readOnly, columns: columns ?? [] }
      : { kind: 'createAsSelect', ...common, query };
  });

  private sourceKind = this.RULE(
    'sourceKind',
    (): SourceKind =>
      this.OR<SourceKind>([
        { ALT: () => this.after(this.CONSUME(t.keyword('STREAM')), 'STREAM') },
        { ALT: () => this.after(this.CONSUME(t.keyword('TABLE')), 'TABLE') },
      ]),
  );

  private columns = this.RULE('columns', (): ColumnDefinition[] => {
    const columns: ColumnDefinition[] = [];
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => columns.push(this.SUBRULE(this.column)) });
    this.CONSUME(t.RightParen);
    return columns;
  });

  private column = this.RULE('column', (): ColumnDefinition => {
    const name = this.SUBRULE(this.identifier);
    const type = this.SUBRULE(this.type);
    const constraint = this.OPTION(() =>
      this.OR<'KEY' | 'PRIMARY KEY' | 'HEADERS'>([
        { ALT: () => this.after([this.CONSUME(t.keyword('PRIMARY')), this.CONSUME(t.keyword('KEY'))], 'PRIMARY KEY') },
        { ALT: () => this.after(this.CONSUME2(t.keyword('KEY')), 'KEY') },
        { ALT: () => this.after(this.CONSUME(t.keyword('HEADERS')), 'HEADERS') },
        {
          ALT: () => {
            this.CONSUME(t.keyword('HEADER'));
            this.CONSUME(t.LeftParen);
            this.CONSUME(t.StringLiteral);
            this.CONSUME(t.RightParen);
            return 'HEADERS';
          },
        },
      ]),
    );
    return { name, type, ...(constraint && { constraint }) };
  });

  private properties = this.RULE('properties', (): Properties => {
    const properties = new Map<string, string | number | boolean>();
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.OR([
          { ALT: () => this.SUBRULE(this.identifier) },
          { ALT: () => this.read(this.CONSUME(t.StringLiteral), (token) => textOf(token).toUpperCase()) },
        ]);
        this.CONSUME(t.Equal);
        const literal = this.SUBRULE(this.literal);
        this.ACTION(() => {
          const { value } = literal;
          properties.set(name.toUpperCase(), typeof value === 'bigint' ? value.toString() : (value ?? ''));
        });
      },
    });
    this.CONSUME(t.RightParen);
    return properties;
  });

  private insert = this.RULE('insert', (): Statement => {
    const columns: string[] = [];
    const values: Expression[] = [];
    this.CONSUME(t.keyword('INSERT'));
    this.CONSUME(t.keyword('INTO'));
    const into = this.SUBRULE(this.identifier);
    return this.OR<Statement>([
      {
        ALT: () => {
          this.OPTION(() => {
            this.CONSUME(t.LeftParen);
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => columns.push(this.SUBRULE2(this.identifier)) });
            this.CONSUME(t.RightParen);
          });
          this.CONSUME(t.keyword('VALUES'));
          this.CONSUME2(t.LeftParen);
          this.MANY_SEP({ SEP: t.Comma, DEF: () => values.push(this.SUBRULE(this.expression)) });
          this.CONSUME2(t.RightParen);
          return { kind: 'insertValues', into, columns, values };
        },
      },
      { ALT: () => this.after(this.SUBRULE(this.query), { kind: 'unsupported', what: 'INSERT INTO … SELECT' }) },
    ]);
  });

  private drop = this.RULE('drop', (): Statement => {
    this.CONSUME(t.keyword('DROP'));
    const of = this.SUBRULE(this.sourceKind);
    const ifExists =
      this.OPTION(() => this.after(this.CONSUME(t.keyword('IF')), this.CONSUME(t.keyword('EXISTS')))) !== undefined;
    const name = this.SUBRULE(this.identifier);
    const deleteTopic =
      this.OPTION2(() => this.after(this.CONSUME(t.keyword('DELETE')), this.CONSUME(t.keyword('TOPIC')))) !== undefined;
    return { kind: 'dropSource', of, name, ifExists, deleteTopic };
  });

  private list = this.RULE('list', (): Statement => {
    this.OR([{ ALT: () => this.CONSUME(t.keyword('LIST')) }, { ALT: () => this.CONSUME(t.keyword('SHOW')) }]);
    this.OPTION(() => this.CONSUME(t.keyword('ALL')));
    const of = this.OR2<ListedKind>(
      listedKinds.map((kind) => ({ ALT: () => this.after(this.CONSUME(t.keyword(kind)), kind) })),
    );
    const extended = this.OPTION2(() => this.CONSUME(t.keyword('EXTENDED'))) !== undefined;
    return { kind: 'list', of, extended };
  });

  private describe = this.RULE('describe', (): Statement => {
    this.CONSUME(t.keyword('DESCRIBE'));
    return this.OR<Statement>([
      {
        GATE: () => this.LA(1).tokenType === t.keyword('FUNCTION') && this.LA(2).tokenType !== t.keyword('EXTENDED'),
        ALT: () =>
          this.after(this.CONSUME(t.keyword('FUNCTION')), {
            kind: 'describeFunction',
            name: this.SUBRULE(this.identifier),
          }),
      },
      {
        ALT: () => {
          const name = this.SUBRULE2(this.identifier);
          const extended = this.OPTION(() => this.CONSUME(t.keyword('EXTENDED'))) !== undefined;
          return { kind: 'describe', name, extended };
        },
      },
    ]);
  });

  private explain = this.RULE('explain', (): Statement => {
    this.CONSUME(t.keyword('EXPLAIN'));
    return this.OR<Statement>([
      { ALT: () => ({ kind: 'explain', query: this.SUBRULE(this.query), queryId: null }) },
      { ALT: () => ({ kind: 'explain', query: null, queryId: this.SUBRULE(this.identifier) }) },
    ]);
  });

  private control = this.RULE('control', (): Statement => {
    const kind = this.OR<'terminate' | 'pause' | 'resume'>([
      { ALT: () => this.after(this.CONSUME(t.keyword('TERMINATE')), 'terminate') },
      { ALT: () => this.after(this.CONSUME(t.keyword('PAUSE')), 'pause') },
      { ALT: () => this.after(this.CONSUME(t.keyword('RESUME')), 'resume') },
    ]);
    const queryId = this.OR2<string | null>([
      { ALT: () => this.after(this.CONSUME(t.keyword('ALL')), null) },
      { ALT: () => this.SUBRULE(this.identifier) },
    ]);
    return { kind, queryId };
  });

  private setting = this.RULE(
    'setting',
    (): Statement =>
      this.OR<Statement>([
        {
          ALT: () => {
            this.CONSUME(t.keyword('SET'));
            const name = this.read(this.CONSUME(t.StringLiteral), textOf);
            this.CONSUME(t.Equal);
            return { kind: 'setProperty', name, value: this.read(this.CONSUME2(t.StringLiteral), textOf) };
          },
        },
        {
          ALT: () =>
            this.after(this.CONSUME(t.keyword('UNSET')), {
              kind: 'unsetProperty',
              name: this.read(this.CONSUME3(t.StringLiteral), textOf),
            }),
        },
      ]),
  );

  private print = this.RULE('print', (): Statement => {
    this.CONSUME(t.keyword('PRINT'));
    const topic = this.OR([{ ALT: () => this.CONSUME(t.Identifier) }, { ALT: () => this.CONSUME(t.StringLiteral) }]);
    this.OPTION(() => {
      this.CONSUME(t.keyword('FROM'));
      this.CONSUME(t.keyword('BEGINNING'));
    });
    this.OPTION2(() => {
      this.OR2([{ ALT: () => this.CONSUME(t.keyword('INTERVAL')) }, { ALT: () => this.CONSUME(t.keyword('SAMPLE')) }]);
      this.CONSUME(t.IntegerLiteral);
    });
    this.OPTION3(() => {
      this.CONSUME(t.keyword('LIMIT'));
      this.CONSUME2(t.IntegerLiteral);
    });
    return { kind: 'print', topic: this.read(topic, nameOf) };
  });
}
