import type { Statement } from './read-statements.ts';

const name = String.raw`[A-Z_]\w*|\x60(?:\x60\x60|[^\x60])+\x60|"(?:""|[^"])+"`;
/** Texts, names, arrows and numbers as one piece each; everything else character by character. */
const piece = new RegExp(String.raw`'(?:''|[^'])*'|${name}|->|\d+|[^\s]`, 'gi');
const isName = new RegExp(`^(?:${name})$`, 'i');
const opening = new Set(['(', '<', '[']);
const closing = new Set([')', '>', ']']);

/**
 * The names of the columns that a statement gives its stream or table, as ksqlDB lists them. `undefined` when
 * the text alone does not show them: SELECT *, a column without a name, columns taken from a schema registry.
 */
export function readColumns({ text, sourceTopic }: Statement): string[] | undefined {
  const pieces = text.match(piece) ?? [];
  const columns = sourceTopic === undefined ? readSelected(pieces) : readDeclared(pieces);
  return columns.length > 0 && columns.every((column) => column !== undefined) ? columns : undefined;
}

function readDeclared(pieces: string[]): (string | undefined)[] {
  const first = pieces.indexOf('(');
  const beforeList = pieces.slice(0, Math.max(first, 0));
  if (beforeList.some((word) => word.toUpperCase() === 'WITH')) return [];
  return cut(pieces.slice(first + 1), ')').map(([column]) => toListed(column));
}

function readSelected(pieces: string[]): (string | undefined)[] {
  const select = pieces.findIndex((word) => word.toUpperCase() === 'SELECT');
  return cut(pieces.slice(select + 1), 'FROM').map((words) => toListed(words.at(-1)));
}

/** Cuts at commas outside of brackets, up to the ending word there. */
function cut(pieces: string[], end: string): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of pieces) {
    if (depth === 0 && word.toUpperCase() === end) return parts;
    if (opening.has(word)) depth += 1;
    if (closing.has(word)) depth -= 1;
    if (depth === 0 && word === ',') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return [];
}

function toListed(word: string | undefined): string | undefined {
  if (word === undefined || !isName.test(word)) return undefined;
  const quote = /^["`]/.exec(word)?.[0];
  return quote ? word.slice(1, -1).replaceAll(quote + quote, quote) : word.toUpperCase();
}
