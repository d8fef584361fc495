import type { ConfigFile } from './config-file.ts';
import { findOurKey, isPlaceholder } from './foreign-forms.ts';
import { findNearMiss } from './near-miss.ts';
import { findOddCharacter } from './odd-character.ts';
import { hidden, isSecretKey, SettingError } from './setting-error.ts';

/** One value with the place it came from, so that a message can name it. */
export interface Sourced {
  value: string;
  file: string;
  key: string;
}

/** The values of a config file, with the environment laid over them. */
export interface LayeredValues {
  /** @throws SettingError when the value is a placeholder or has an invisible character */
  get(key: string): Sourced | undefined;
  /** @throws SettingError when the value is missing or empty, or as {@link LayeredValues.get} */
  require(key: string, expected: string): Sourced;
  /** The place of the first of these keys that has a value. */
  find(...keys: string[]): Omit<Sourced, 'value'> | undefined;
}

/**
 * @param toVariable the environment variable that overrides a key
 * @param known every key that is read, to distinguish a misspelt key from a foreign one
 * @throws SettingError for a key that is nearly a known one, has another name here, or is in a section that is not read
 */
export function layerValues(
  file: ConfigFile,
  env: NodeJS.ProcessEnv,
  { known, toVariable = (key) => key }: { known: readonly string[]; toVariable?: (key: string) => string },
): LayeredValues {
  refuseOtherNames(file, known);
  const read = (key: string): Sourced | undefined => {
    const variable = toVariable(key);
    const override = env[variable];
    // An empty variable is how a shell says "not set"; it must not wipe out the file.
    if (override) return { value: override.trim(), file: 'environment', key: variable };
    const value = file.values[key];
    return value === undefined ? undefined : { value, file: file.name, key };
  };
  const get = (key: string) => {
    const found = read(key);
    if (found) refuseUnusable(found);
    return found;
  };
  return {
    get,
    require(key, expected) {
      const found = get(key);
      if (!found?.value) throw new SettingError({ file: file.name, key, found: found?.value, expected });
      return found;
    },
    find: (...keys) => keys.map(read).find((found) => found?.value),
  };
}

function refuseOtherNames(file: ConfigFile, known: readonly string[]): void {
  for (const key of Object.keys(file.values)) {
    if (known.includes(key)) continue;
    const ours = findOurKey(key, known);
    if (ours) throw new SettingError({ file: file.name, key, found: '(this key)', expected: `the key ${ours}` });
    const meant = findNearMiss(key, known);
    if (meant)
      throw new SettingError({
        file: file.name,
        key,
        found: '(this key)',
        expected: `a known key; ${meant} was probably meant`,
      });
  }
  for (const [key, section] of Object.entries(file.inSections))
    if (known.includes(key))
      throw new SettingError({
        file: file.name,
        key,
        found: `(in section [${section}])`,
        expected: 'this line above the first section, or in [default]',
      });
}

function refuseUnusable({ value, file, key }: Sourced): void {
  refusePlaceholder({ value, file, key });
  const odd = findOddCharacter(value.replaceAll(/[\r\n]/g, ' '));
  if (odd)
    throw new SettingError({ file, key, found: `(${odd})`, expected: 'plain characters: delete it, or type it again' });
}

/** @throws SettingError when a template's text was not replaced */
export function refusePlaceholder({ value, file, key }: Sourced): void {
  if (!isPlaceholder(value)) return;
  throw new SettingError({
    file,
    key,
    found: isSecretKey(key) ? hidden : value,
    expected: 'your own value: this is still a placeholder',
  });
}
