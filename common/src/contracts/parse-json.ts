import { isUtf8 } from 'node:buffer';

/** The most levels of arrays and objects in a message, as in ksqlDB, whose JSON reader skips what is nested deeper. */
export const maxNesting = 1_000;

export class NestedTooDeeply extends Error {
  constructor() {
    super(`nested deeper than ${maxNesting} levels`);
    this.name = 'NestedTooDeeply';
  }
}

/**
 * JSON.parse for text from any source. JSON.parse itself takes any depth, but JSON.stringify and every
 * function that calls itself for each level overflow the stack at some thousands.
 *
 * @throws SyntaxError, NestedTooDeeply
 */
export function parseJson(text: string): unknown {
  if (isNestedTooDeeply(text)) throw new NestedTooDeeply();
  return JSON.parse(text);
}

/**
 * The same for a message's bytes. ksqlDB skips what is not UTF-8; Buffer.toString would replace the odd bytes.
 *
 * @throws SyntaxError, NestedTooDeeply
 */
export function parseJsonBytes(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8');
  return parseJson(bytes.toString('utf8'));
}

export function isNestedTooDeeply(text: string): boolean {
  // Each level takes two characters. Most messages are shorter and cost nothing more.
  if (text.length <= 2 * maxNesting) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) inString = !inString;
    else if (inString) at += code === backslash ? 1 : 0;
    else if (code === openBracket || code === openBrace) depth += 1;
    else if (code === closeBracket || code === closeBrace) depth -= 1;
    if (depth > maxNesting) return true;
  }
  return false;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];
