import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseProperties } from './parse-properties.ts';
import { readText } from './read-text.ts';
import { SettingError } from './setting-error.ts';

/** The folder of config/*.config unless CONFIG_DIR names another: beside common/, both in a checkout and in an image. */
const defaultConfigDir = fileURLToPath(new URL('../../../config', import.meta.url));

/** The folder of the config files. */
export const findConfigDir = (env: NodeJS.ProcessEnv) => env['CONFIG_DIR'] || defaultConfigDir;

export interface ConfigFile {
  /** As it is named in messages: `config/kafka.config`. */
  name: string;
  dir: string;
  /** Keys as they stand in the file, outside of sections and in `[default]`. */
  values: Record<string, string>;
  /** Keys in other sections, with the section's name. They are not read. */
  inSections: Record<string, string>;
}

/**
 * Reads a config file.
 *
 * @throws SettingError naming the file, line or key, and the fix; also when a key is given twice with different values
 */
export function readConfigFile(fileName: string, env: NodeJS.ProcessEnv): ConfigFile {
  const dir = findConfigDir(env);
  const name = `config/${fileName}`;
  const values: Record<string, string> = {};
  const inSections: Record<string, string> = {};
  for (const { key, value, line, section } of parseProperties(readText(path.join(dir, fileName), name), name)) {
    if (section !== undefined && section.toLowerCase() !== 'default') {
      inSections[key] = section;
      continue;
    }
    if ((values[key] ?? value) !== value)
      throw new SettingError({
        file: name,
        key,
        found: `(another value on line ${line})`,
        expected: 'one value: delete one of the two lines',
      });
    values[key] = value;
  }
  return { name, dir, values, inSections };
}
