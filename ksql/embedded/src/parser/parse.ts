import type { IToken } from 'chevrotain';
import { KsqlError, notSupported } from '../errors.ts';
import type { ParsedStatement, Statement } from './ast.ts';
import { StatementParser } from './statement-parser.ts';
import { describeSyntaxError, syntaxErrorAt } from './syntax-error.ts';
import { LambdaArrow, lexer, Semicolon } from './tokens.ts';
import { positionOf, SyntaxMistake } from './type-parser.ts';

const parser = new StatementParser();

/** Unsupported ksqlDB statements, recognised by their first words. */
const statementsNotRead: readonly (readonly [RegExp, string])[] = [
  [/^(DEFINE|UNDEFINE)$/, 'variables (DEFINE, UNDEFINE)'],
  [/^ALTER$/, 'ALTER'],
  [/^EXPLAIN (CREATE|INSERT)$/, 'EXPLAIN of a CREATE or INSERT'],
  [/^(LIST|SHOW) QUERIES EXTENDED$/, 'SHOW QUERIES EXTENDED'],
  [/^(LIST|SHOW) TOPICS EXTENDED$/, 'SHOW TOPICS EXTENDED'],
  [/^ASSERT$/, 'ASSERT'],
  [/^(CREATE|DROP) TYPE$/, 'user-defined types'],
  [/^(CREATE (SINK|SOURCE)|DROP|DESCRIBE) CONNECTOR$/, 'connectors'],
  [/^(LIST|SHOW) (SINK|SOURCE)? ?CONNECTORS?$/, 'connectors'],
  [/^DESCRIBE (STREAMS|TABLES)$/, 'DESCRIBE of all streams or tables'],
];

function notRead(tokens: readonly IToken[]): Statement | undefined {
  if (tokens.some(({ tokenType }) => tokenType === LambdaArrow)) throw notSupported('lambda functions');
  for (let words = 1; words <= 3; words++) {
    const start = tokens
      .slice(0, words)
      .map((token) => token.image.toUpperCase())
      .join(' ');
    const found = statementsNotRead.find(([pattern]) => pattern.test(start));
    if (found !== undefined) return { kind: 'unsupported', what: found[1] };
  }
  return undefined;
}

/**
 * Parses all statements of a request, and throws the first syntax error with ksqlDB's message. Each `text` is as sent,
 * without surrounding comments.
 */
export function parseStatements(sql: string): ParsedStatement[] {
  const { tokens, errors } = lexer.tokenize(sql);
  const [lexical] = errors;
  if (lexical !== undefined) {
    throw syntaxErrorAt(
      { line: lexical.line ?? 1, column: lexical.column ?? 1 },
      `Syntax error at or near '${sql.charAt(lexical.offset)}'`,
      sql,
    );
  }
  const statements: ParsedStatement[] = [];
  for (let start = 0; start < tokens.length; ) {
    const semicolon = tokens.findIndex((token, i) => i >= start && token.tokenType === Semicolon);
    const end = semicolon === -1 ? tokens.length : semicolon;
    const empty = tokens[start];
    if (end === start && empty !== undefined)
      throw syntaxErrorAt(positionOf(empty), "Unknown statement ';'\nDid you mean 'SET'?", sql);
    statements.push(parseOne(tokens.slice(start, end), sql, tokens[semicolon]));
    start = end + 1;
  }
  return statements;
}

function parseOne(tokens: IToken[], sql: string, semicolon: IToken | undefined): ParsedStatement {
  const [first] = tokens;
  const last = semicolon ?? tokens.at(-1);
  const text = sql.slice(first?.startOffset, (last?.endOffset ?? sql.length - 1) + 1);
  const statement = notRead(tokens) ?? readStatement(tokens, sql, semicolon);
  if (semicolon === undefined) throw syntaxErrorAt(endOf(sql), "missing ';' at '<EOF>'", sql);
  return { statement, text };
}

function readStatement(tokens: IToken[], sql: string, semicolon: IToken | undefined): Statement {
  parser.input = tokens;
  try {
    const statement = parser.statement();
    const [error] = parser.errors;
    if (error !== undefined) throw describeSyntaxError(error, tokens, semicolon, sql);
    return statement;
  } catch (error) {
    if (!(error instanceof SyntaxMistake)) throw error;
    throw new KsqlError(`Failed to prepare statement: ${error.message}`, { statementText: sql, cause: error });
  }
}

/** The position after the last character. */
function endOf(sql: string): { line: number; column: number } {
  const lines = sql.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
