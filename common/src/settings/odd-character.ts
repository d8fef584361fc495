/** Characters that a paste from a web page, a chat or a word processor leaves behind, and that no client accepts. */
const kinds: [what: string, pattern: RegExp][] = [
  ['a curly quote', /[\u2018-\u201F\u00AB\u00BB]/],
  ['a no-break space', /[\u00A0\u202F]/],
  ['a zero-width space', /[\u200B\u2060\uFEFF]/],
  ['an invisible character', /(?![ \t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}]/u],
];

/**
 * Finds the first character that was probably not typed: `a no-break space at column 14`.
 *
 * @returns what it is and its column, counted from 1; nothing when the text is clean
 */
export function findOddCharacter(text: string): string | undefined {
  let found: { what: string; index: number } | undefined;
  for (const [what, pattern] of kinds) {
    const index = text.search(pattern);
    if (index >= 0 && (found === undefined || index < found.index)) found = { what, index };
  }
  return found && `${found.what} at column ${found.index + 1}`;
}
