import { ShopError } from '../shop-error.ts';

/** One statement that only reads. */
export interface Question {
  /** The statement without comments, with its semicolon. */
  sql: string;
  isSelect: boolean;
}

const readingVerbs = ['SELECT', 'SHOW', 'LIST', 'DESCRIBE', 'EXPLAIN'];

/** Texts and quoted names, in which nothing counts, and comments. */
const quotedOrComment = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\r\n]*|\/\*[\s\S]*?\*\//g;

/** Checks that a text is one statement that only reads. @throws ShopError `query_refused` */
export function readQuestion(text: string): Question {
  const isComment = (part: string) => part.startsWith('--') || part.startsWith('/*');
  const sql = text
    .replace(quotedOrComment, (part) => (isComment(part) ? ' ' : part))
    .trim()
    .replace(/[;\s]+$/, '');
  const bare = sql.replace(quotedOrComment, "''");
  const [verb = ''] = /^\w+/.exec(bare.toUpperCase()) ?? [];
  if (!readingVerbs.includes(verb))
    throw new ShopError('query_refused', 'Expected SELECT, SHOW, LIST, DESCRIBE or EXPLAIN.');
  if (bare.includes(';')) throw new ShopError('query_refused', 'Expected one statement.');
  if (/\bEMIT\s+CHANGES\b/i.test(bare) && verb === 'SELECT' && !/\bLIMIT\s+\d+$/i.test(bare))
    throw new ShopError('query_refused', 'A query with EMIT CHANGES never ends. Add LIMIT 5.');
  return { sql: `${sql};`, isSelect: verb === 'SELECT' };
}
