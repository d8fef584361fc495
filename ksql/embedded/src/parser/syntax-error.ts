import type { IRecognitionException, IToken } from 'chevrotain';
import { closest } from 'fastest-levenshtein';
import { KsqlError } from '../errors.ts';
import type { Position } from './ast.ts';
import { isReserved } from './tokens.ts';
import { positionOf } from './type-parser.ts';

const commands = [
  'SELECT',
  'CREATE',
  'INSERT',
  'DESCRIBE',
  'PRINT',
  'EXPLAIN',
  'SHOW',
  'LIST',
  'TERMINATE',
  'PAUSE',
  'RESUME',
  'DROP',
  'SET',
  'DEFINE',
  'UNDEFINE',
  'UNSET',
  'ASSERT',
  'ALTER',
];

export function syntaxErrorAt({ line, column }: Position, detail: string, sql: string): KsqlError {
  return new KsqlError(`line ${line}:${column}: Syntax Error\n${detail}`, { statementText: sql });
}

/** Formats a syntax error as ksqlDB does. */
export function describeSyntaxError(
  error: IRecognitionException,
  tokens: readonly IToken[],
  semicolon: IToken | undefined,
  sql: string,
): KsqlError {
  const found = Number.isNaN(error.token.startOffset) ? semicolon : error.token;
  if (found === undefined) {
    const lines = sql.split('\n');
    return syntaxErrorAt(
      { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 },
      "missing ';' at '<EOF>'",
      sql,
    );
  }
  return syntaxErrorAt(positionOf(found), detailOf(error, found, tokens), sql);
}

function detailOf(error: IRecognitionException, found: IToken, tokens: readonly IToken[]): string {
  const at = tokens.indexOf(found);
  const before = at === -1 ? tokens.length : at;
  if (before === 0)
    return `Unknown statement '${found.image}'\nDid you mean '${closest(found.image.toUpperCase(), commands)}'?`;
  const previous = tokens.slice(0, before).map(({ image }) => image.toUpperCase());
  if (
    /^(MismatchedToken|EarlyExit|NoViableAlt)/.test(error.name) &&
    isReserved(found.image) &&
    isName(tokens[before + 1])
  ) {
    return `"${found.image}" is a reserved keyword and it can't be used as an identifier. You can use it as an identifier by escaping it as '${found.image}' `;
  }
  // ANTLR has no suggestion after a first word. Elsewhere ksqlDB lists the expected tokens only if they are few.
  if (before === 1) return `Syntax error at or near '${found.image}' at line ${found.startLine}:${found.startColumn}`;
  if (previous.at(-1) === 'CHANGES') return "Expecting {';', 'LIMIT'}";
  return '';
}

const isName = (token: IToken | undefined): boolean => token !== undefined && /^[A-Za-z_`"]/.test(token.image);
