import { createToken, Lexer, type TokenType } from 'chevrotain';

/** Tokens that are valid names in ksqlDB: plain and quoted identifiers and unreserved keywords. */
export const Identifier = createToken({ name: 'Identifier', pattern: Lexer.NA });
const PlainIdentifier = createToken({
  name: 'PlainIdentifier',
  pattern: /[A-Za-z_][A-Za-z0-9_@]*/,
  categories: Identifier,
});
/** An identifier that starts with a digit, such as `1st`. */
const DigitIdentifier = createToken({
  name: 'DigitIdentifier',
  pattern: /\d+[A-Za-z_@][A-Za-z0-9_@]*/,
  categories: Identifier,
});
const QuotedIdentifier = createToken({
  name: 'QuotedIdentifier',
  pattern: /"(?:[^"]|"")*"|`(?:[^`]|``)*`/,
  line_breaks: true,
  categories: Identifier,
});

const keywords = new Map<string, TokenType>();

function declare(words: string, reserved: boolean): void {
  for (const word of words.split(' ')) {
    const name = word.charAt(0) + word.slice(1).toLowerCase();
    keywords.set(
      word,
      createToken({
        name: `${name}Keyword`,
        label: word,
        pattern: new RegExp(word, 'i'),
        longer_alt: PlainIdentifier,
        ...(reserved ? {} : { categories: Identifier }),
      }),
    );
  }
}

declare(
  'SELECT FROM AS ALL DISTINCT WHERE WITHIN WINDOW GROUP BY HAVING LIMIT AT OR AND IN NOT EXISTS BETWEEN LIKE IS NULL TRUE FALSE ' +
    'MILLISECONDS MILLISECOND YEARS MONTHS DAYS HOURS MINUTES SECONDS TUMBLING HOPPING SIZE ADVANCE RETENTION CASE WHEN THEN ELSE END ' +
    'JOIN FULL OUTER INNER LEFT RIGHT ON WITH VALUES CREATE TABLE STREAMS STREAM TOPICS TOPIC INSERT DELETE INTO DESCRIBE EXTENDED ' +
    'PRINT CAST LIST QUERIES QUERY TERMINATE LOAD DROP UNSET RENAME PROPERTIES BEGINNING SAMPLE EXPORT CATALOG PROPERTY RUN SCRIPT ' +
    'CONNECTORS CONNECTOR NAMESPACE MATERIALIZED VIEW PAUSE RESUME',
  true,
);
declare(
  'SHOW TABLES COLUMNS COLUMN PARTITIONS PARTITION FUNCTIONS FUNCTION SESSION STRUCT MAP ARRAY INTEGER DATE TIMESTAMP TIMEOUT TIME ' +
    'INTERVAL ZONE YEAR MONTH DAY HOUR MINUTE SECOND EXPLAIN ANALYZE TYPES TYPE SET RESET IF SOURCE SINK PRIMARY KEY EMIT CHANGES ' +
    'FINAL ESCAPE REPLACE ASSERT ALTER ADD HEADERS HEADER GRACE PERIOD DEFINE UNDEFINE VARIABLES PLUGINS SYSTEM SCHEMA SUBJECT ID',
  false,
);

/** Returns the token of a keyword. */
export function keyword(word: string): TokenType {
  const token = keywords.get(word);
  if (token === undefined) throw new Error(`no keyword ${word}`);
  return token;
}

export const isReserved = (word: string): boolean => {
  const token = keywords.get(word.toUpperCase());
  return token !== undefined && !(token.CATEGORIES ?? []).includes(Identifier);
};

const symbol = (name: string, pattern: string): TokenType => createToken({ name, label: pattern, pattern });
export const Arrow = symbol('Arrow', '->');
export const Assign = symbol('Assign', ':=');
export const LambdaArrow = symbol('LambdaArrow', '=>');
export const Concat = symbol('Concat', '||');
export const NotEqual = createToken({ name: 'NotEqual', label: '<>', pattern: /<>|!=/ });
export const LessEqual = symbol('LessEqual', '<=');
export const GreaterEqual = symbol('GreaterEqual', '>=');
export const Equal = createToken({ name: 'Equal', label: '=', pattern: '=' });
export const Less = symbol('Less', '<');
export const Greater = symbol('Greater', '>');
export const Plus = symbol('Plus', '+');
export const Minus = symbol('Minus', '-');
export const Star = symbol('Star', '*');
export const Slash = symbol('Slash', '/');
export const Percent = symbol('Percent', '%');
export const LeftParen = symbol('LeftParen', '(');
export const RightParen = symbol('RightParen', ')');
export const LeftBracket = symbol('LeftBracket', '[');
export const RightBracket = symbol('RightBracket', ']');
export const Comma = symbol('Comma', ',');
export const Dot = symbol('Dot', '.');
export const Semicolon = symbol('Semicolon', ';');

export const DoubleLiteral = createToken({ name: 'DoubleLiteral', pattern: /(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+/ });
export const DecimalLiteral = createToken({ name: 'DecimalLiteral', pattern: /\d+\.\d*|\.\d+/ });
export const IntegerLiteral = createToken({ name: 'IntegerLiteral', pattern: /\d+/ });
export const StringLiteral = createToken({ name: 'StringLiteral', pattern: /'(?:[^']|'')*'/, line_breaks: true });

const Whitespace = createToken({ name: 'Whitespace', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const LineComment = createToken({ name: 'LineComment', pattern: /--[^\r\n]*/, group: Lexer.SKIPPED });
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** All tokens; a longer token comes before its prefixes. */
export const allTokens: readonly TokenType[] = [
  Whitespace,
  LineComment,
  BlockComment,
  StringLiteral,
  QuotedIdentifier,
  DoubleLiteral,
  DigitIdentifier,
  DecimalLiteral,
  IntegerLiteral,
  ...[...keywords.entries()].sort(([a], [b]) => b.length - a.length).map(([, token]) => token),
  PlainIdentifier,
  Identifier,
  Arrow,
  Assign,
  LambdaArrow,
  Concat,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Equal,
  Less,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Comma,
  Dot,
  Semicolon,
];

export const lexer = new Lexer([...allTokens], { ensureOptimizations: true });
