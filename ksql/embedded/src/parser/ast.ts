import type { SqlType } from '../types/sql-type.ts';

/** The position of a part of a statement, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM';

export interface ColumnReference {
  readonly kind: 'column';
  readonly source?: string;
  readonly name: string;
  readonly at: Position;
}

export type Literal = { readonly kind: 'literal' } & (
  | { readonly type: 'NULL'; readonly value: null }
  | { readonly type: 'BOOLEAN'; readonly value: boolean }
  | { readonly type: 'INTEGER' | 'DOUBLE'; readonly value: number }
  | { readonly type: 'BIGINT'; readonly value: number | bigint }
  /** The digits as written, which determine precision and scale. */
  | { readonly type: 'DECIMAL'; readonly value: string }
  | { readonly type: 'STRING'; readonly value: string }
);

export interface When {
  readonly condition: Expression;
  readonly result: Expression;
}

/** ksqlDB's function name for `||`. Only its pull queries on tables resolve it. */
export const barsFunction = 'concat';

export type Expression =
  | ColumnReference
  | Literal
  | { readonly kind: 'negative'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'logical'; readonly operator: 'AND' | 'OR'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'isNull'; readonly operand: Expression; readonly negated: boolean }
  | { readonly kind: 'in'; readonly operand: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'like'; readonly operand: Expression; readonly pattern: Expression; readonly escape?: string }
  | { readonly kind: 'between'; readonly operand: Expression; readonly low: Expression; readonly high: Expression }
  | {
      readonly kind: 'case';
      readonly operand?: Expression;
      readonly whens: readonly When[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: SqlType }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly star: boolean }
  | { readonly kind: 'field'; readonly base: Expression; readonly name: string }
  | { readonly kind: 'subscript'; readonly base: Expression; readonly index: Expression }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly value: Expression }[] }
  | { readonly kind: 'array'; readonly elements: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] };

export type SelectItem =
  | { readonly kind: 'star'; readonly source?: string }
  | { readonly kind: 'single'; readonly expression: Expression; readonly alias?: string };

export interface SourceReference {
  readonly name: string;
  readonly alias: string;
}

export type JoinKind = 'INNER' | 'LEFT OUTER' | 'RIGHT OUTER' | 'FULL OUTER';

export interface Join {
  readonly kind: JoinKind;
  readonly source: SourceReference;
  readonly on: Expression;
  readonly within: boolean;
}

export interface Query {
  readonly select: readonly SelectItem[];
  readonly from: SourceReference;
  readonly joins: readonly Join[];
  /** The kind of window, if the query has one. */
  readonly window?: string;
  readonly where?: Expression;
  readonly groupBy: readonly Expression[];
  readonly partitionBy: readonly Expression[];
  readonly having?: Expression;
  readonly emit?: 'CHANGES' | 'FINAL';
  readonly limit?: number;
}

export type SourceKind = 'STREAM' | 'TABLE';
export type Properties = ReadonlyMap<string, string | number | boolean>;

export interface ColumnDefinition {
  readonly name: string;
  readonly type: SqlType;
  readonly constraint?: 'KEY' | 'PRIMARY KEY' | 'HEADERS';
}

export type ListedKind =
  | 'STREAMS'
  | 'TABLES'
  | 'QUERIES'
  | 'TOPICS'
  | 'PROPERTIES'
  | 'FUNCTIONS'
  | 'VARIABLES'
  | 'TYPES'
  | 'CONNECTORS';

export interface CreateSource {
  readonly kind: 'createSource';
  readonly of: SourceKind;
  readonly name: string;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  /** Set by CREATE SOURCE: the source is read-only, and a table answers pull queries. */
  readonly readOnly: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly properties: Properties;
}

export interface CreateAsSelect {
  readonly kind: 'createAsSelect';
  readonly of: SourceKind;
  readonly name: string;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly properties: Properties;
  readonly query: Query;
}

export interface InsertValues {
  readonly kind: 'insertValues';
  readonly into: string;
  readonly columns: readonly string[];
  readonly values: readonly Expression[];
}

export interface DropSource {
  readonly kind: 'dropSource';
  readonly of: SourceKind;
  readonly name: string;
  readonly ifExists: boolean;
  readonly deleteTopic: boolean;
}

export type Statement =
  | CreateSource
  | CreateAsSelect
  | InsertValues
  | DropSource
  | { readonly kind: 'select'; readonly query: Query }
  | { readonly kind: 'terminate'; readonly queryId: string | null }
  | { readonly kind: 'pause'; readonly queryId: string | null }
  | { readonly kind: 'resume'; readonly queryId: string | null }
  | { readonly kind: 'list'; readonly of: ListedKind; readonly extended: boolean }
  | { readonly kind: 'describe'; readonly name: string; readonly extended: boolean }
  | { readonly kind: 'describeFunction'; readonly name: string }
  | { readonly kind: 'explain'; readonly query: Query | null; readonly queryId: string | null }
  | { readonly kind: 'setProperty'; readonly name: string; readonly value: string }
  | { readonly kind: 'unsetProperty'; readonly name: string }
  | { readonly kind: 'print'; readonly topic: string }
  /** A ksqlDB statement that this server parses but does not support; `what` names it. */
  | { readonly kind: 'unsupported'; readonly what: string };

/** A statement with its text, from the first token to the semicolon. */
export interface ParsedStatement {
  readonly statement: Statement;
  readonly text: string;
}
