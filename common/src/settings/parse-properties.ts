import { explainForeignLine } from './foreign-forms.ts';
import { findOddCharacter } from './odd-character.ts';
import { SettingError } from './setting-error.ts';

export interface Property {
  key: string;
  value: string;
  /** Line number of the key, from 1. */
  line: number;
  /** Name of the `[section]` that the line is in. */
  section?: string;
}

const blankOrComment = /^\s*([#!;].*)?$/;
const sectionLine = /^\s*\[([\w .-]+)\]\s*$/;
/** `export` as in a shell, quotes around the key as in JSON. A colon before `//` belongs to an address. */
const settingLine = /^\s*(?:export\s+)?(["']?)([\w.-]+)\1\s*(?:=|:(?!\/\/))\s*(.*)$/s;

/**
 * Reads KEY=VALUE lines as people paste them: Java's .properties, librdkafka's configuration, .ini and .env files, single
 * lines of YAML and JSON.
 *
 * - `KEY=VALUE` or `KEY: VALUE`; blanks around both are dropped.
 * - `#`, `!` and `;` begin a comment line. In a value, only `#` between blanks begins a comment.
 * - `\` at the end of a line continues the value on the next line.
 * - Quotes around a whole value are dropped. In double quotes `\"`, `\\`, `\n` and `\r` are escapes.
 *
 * @param file the file as messages name it
 * @throws SettingError naming file and line or key; the message shows no value
 */
export function parseProperties(text: string, file: string): Property[] {
  const lines = text.split(/\r\n|\n|\r/);
  const properties: Property[] = [];
  let section: string | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let logical = lines[index] ?? '';
    if (blankOrComment.test(logical)) continue;
    refuseOddCharacter(logical, file, line);
    const [, name] = sectionLine.exec(logical) ?? [];
    if (name !== undefined) {
      section = name;
      continue;
    }
    while (endsInBackslash(logical)) {
      const next = lines[++index];
      if (next === undefined)
        throw new SettingError({ file, key: `line ${index}`, found: '(\\ at the end)', expected: 'one more line' });
      refuseOddCharacter(next, file, index + 1);
      logical = logical.slice(0, -1) + next.trimStart();
    }
    const [, , key, rest] = settingLine.exec(logical) ?? [];
    if (key === undefined || rest === undefined) throw refuseLine(logical, file, line);
    const value = readValue(rest.trim(), (found, expected) => new SettingError({ file, key, found, expected }), line);
    properties.push({ key, value, line, ...(section !== undefined && { section }) });
  }
  return properties;
}

const endsInBackslash = (line: string) => (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;

function refuseOddCharacter(line: string, file: string, number: number): void {
  const found = findOddCharacter(line.replace(/\s#\s.*$/, ''));
  if (found === undefined) return;
  const [, , key = ''] = settingLine.exec(line) ?? [];
  throw new SettingError({
    file,
    key: findOddCharacter(key) === undefined && key !== '' ? `${key} (line ${number})` : `line ${number}`,
    found: `(${found})`,
    expected: 'plain characters: delete it, or type it again on the keyboard',
  });
}

/** The line itself may hold a secret and is never shown. */
function refuseLine(line: string, file: string, number: number): SettingError {
  const { found, expected } = explainForeignLine(line, file) ?? {
    found: '(no setting)',
    expected: 'KEY=VALUE, or # in front of a comment',
  };
  return new SettingError({ file, key: `line ${number}`, found, expected });
}

function readValue(text: string, refuse: (found: string, expected: string) => SettingError, line: number): string {
  const [, quote, inner] = /^(["'`])((?:\\.|(?!\1)[^\\])*)\1\s*,?\s*(?:#.*)?$/s.exec(text) ?? [];
  if (quote !== undefined && inner !== undefined) return unescapeQuoted(inner, quote);
  const [, , whole] = /^(["'`])(.*)\1,?$/s.exec(text) ?? [];
  // Quotes inside that are not escaped: sasl.jaas.config="… username="KEY" …".
  if (whole !== undefined) return whole;
  if (/^["'`]/.test(text)) throw refuse(`(line ${line})`, `a closing ${text.charAt(0)} at the end of the value`);
  const [, value = text] = /^(.*?)(?:^|\s)#(?:\s.*)?$/s.exec(text) ?? [];
  // Java and librdkafka take it as part of the value, .env files as a comment.
  if (/(^|\s)#/.test(value))
    throw refuse(`(line ${line})`, "the value in quotes, because it contains # after a blank: KEY='… #…'");
  return value.trim();
}

function unescapeQuoted(text: string, quote: string): string {
  if (quote === "'") return text.replaceAll("\\'", "'");
  if (quote === '`') return text;
  return text.replaceAll(/\\(["\\nr])/g, (_, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? letter);
}
