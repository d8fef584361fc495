/** One statement of a .ksql file. */
export interface StatementText {
  /** Without comments and without the semicolon. */
  text: string;
  /** Where it begins, counted from 1. */
  line: number;
}

/** A text that cannot be cut into statements. */
export class SplitError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'SplitError';
    this.line = line;
  }
}

/** Comments, quoted texts and names (a doubled quote stands for itself), the end of a statement, and all else. */
const token = /--[^\n]*|\/\*[\s\S]*?\*\/|\/\*|'(?:''|[^'])*'|"(?:""|[^"])*"|`(?:``|[^`])*`|;|\s+|[^\s;'"`/-]+|[\s\S]/gy;
/** What is left of the above when its end is missing. */
const unclosed = new Set(["'", '"', '`', '/*']);

/**
 * Cuts a script into statements as ksqlDB's own tools do: at semicolons outside of quotes and comments.
 *
 * @throws SplitError for a quote or comment without an end, and for a last statement without its semicolon
 */
export function splitStatements(script: string): StatementText[] {
  const statements: StatementText[] = [];
  let text = '';
  let line = 1;
  let firstLine = 1;
  for (const [word] of script.matchAll(token)) {
    if (unclosed.has(word)) throw new SplitError(line, `what begins with ${word} has no end`);
    if (word === ';') {
      if (text.trim()) statements.push({ text: text.trim(), line: firstLine });
      text = '';
    } else if (word.startsWith('--') || word.startsWith('/*')) {
      text += ' ';
    } else {
      if (!text.trim()) firstLine = line;
      text += word;
    }
    line += word.split('\n').length - 1;
  }
  if (text.trim()) throw new SplitError(firstLine, 'the statement has no ; at its end');
  return statements;
}
