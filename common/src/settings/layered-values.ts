import type { ConfigFile } from './config-file.ts';
import { findOurKey, isPlaceholder } from './foreign-forms.ts';
import { findNearMiss } from './near-miss.ts';
import { findOddCharacter } from './odd-character.ts';
import { hidden, isSecretKey, SettingError, type SettingProblem } from './setting-error.ts';

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

interface Layers {
  /** Every key that is read, to distinguish a misspelt key from a foreign one. */
  known: readonly string[];
  /** The environment variable that overrides a key. */
  toVariable?: (key: string) => string;
  /** Whether other programs read the file too, so that it may hold keys that are not known. */
  isShared?: boolean;
}

/**
 * @throws SettingError naming each key that is nearly a known one, has another name here, or is in a section that is not
 * read. In a file that only the shop reads, also each key that is not known
 */
export function layerValues(
  file: ConfigFile,
  env: NodeJS.ProcessEnv,
  { known, toVariable = (key) => key, isShared = false }: Layers,
): LayeredValues {
  refuseOtherNames(file, { known, toVariable, isShared });
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

function refuseOtherNames(file: ConfigFile, { known, toVariable, isShared }: Required<Layers>): void {
  const explain = (key: string): string | undefined => {
    const ours = findOurKey(key, known) ?? known.find((name) => toVariable(name) === key);
    if (ours) return `the key ${ours}`;
    const meant = findNearMiss(key, known);
    if (meant) return `a known key; ${meant} was probably meant`;
    return isShared ? undefined : `one of ${known.join(', ')}`;
  };
  const problems: SettingProblem[] = [];
  for (const key of Object.keys(file.values)) {
    const expected = known.includes(key) ? undefined : explain(key);
    if (expected !== undefined) problems.push({ file: file.name, key, found: '(this key)', expected });
  }
  for (const [key, section] of Object.entries(file.inSections))
    if (known.includes(key))
      problems.push({
        file: file.name,
        key,
        found: `(in section [${section}])`,
        expected: 'this line above the first section, or in [default]',
      });
  if (problems.length > 0) throw new SettingError(problems);
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
