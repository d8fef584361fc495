import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'dotenv';
import { SettingError } from './setting-error.ts';

/** Where config/*.config lie unless CONFIG_DIR says otherwise: beside common/, in a checkout and in an image alike. */
const defaultConfigDir = fileURLToPath(new URL('../../../config', import.meta.url));

export interface ConfigFile {
  /** As it is named in messages: `config/kafka.config`. */
  name: string;
  dir: string;
  /** Keys as they stand in the file. */
  values: Record<string, string>;
}

/**
 * Reads a KEY=VALUE file with dotenv, and refuses what dotenv would misread in silence: a value cut at `#`, a
 * continued line, a line that is no setting, a key given twice with different values.
 *
 * @throws SettingError naming file, line or key, and the mend
 */
export function readConfigFile(fileName: string, env: NodeJS.ProcessEnv): ConfigFile {
  const dir = env['CONFIG_DIR'] || defaultConfigDir;
  const name = `config/${fileName}`;
  const text = readText(path.join(dir, fileName), name);
  refuseMisreadings(text, name);
  return { name, dir, values: parse(text) };
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new SettingError({ file: name, key: '(the file)', expected: `a readable file at ${file}` }, { cause });
  }
}

const settingLine = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s?|:\s+)(.*)$/;

function refuseMisreadings(text: string, file: string): void {
  const seen = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, key, rest] = settingLine.exec(line) ?? [];
    // The line itself may hold a secret and is never shown.
    if (key === undefined || rest === undefined)
      throw new SettingError({
        file,
        key: `line ${index + 1}`,
        found: '(no setting)',
        expected: 'KEY=VALUE, or # in front of a comment',
      });
    const mend = misreading(rest.trim());
    if (mend) throw new SettingError({ file, key, found: `(line ${index + 1})`, expected: mend });
    if ((seen.get(key) ?? rest) !== rest)
      throw new SettingError({
        file,
        key,
        found: `(given again on line ${index + 1})`,
        expected: 'one value: delete the line that does not count',
      });
    seen.set(key, rest);
  }
}

/** What to do about a value that dotenv would not give back as it stands, or nothing. */
function misreading(value: string): string | undefined {
  if (value.endsWith('\\')) return 'the whole value on one line, without \\ at the end of the line';
  const quote = /^["'`]/.exec(value)?.[0];
  if (quote !== undefined) {
    const rest = value.slice(1).replaceAll(`\\${quote}`, '');
    return rest.includes(quote) ? undefined : `a closing ${quote} on the same line`;
  }
  // `value # words` is a comment; `#` anywhere else was meant to be part of the value.
  const hash = value.indexOf('#');
  if (hash >= 0 && !/(^|\s)#\s/.test(value.slice(Math.max(0, hash - 1), hash + 2)))
    return "the value in quotes, because it contains #: KEY='…#…'";
  return undefined;
}
