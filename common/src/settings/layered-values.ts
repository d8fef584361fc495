import type { ConfigFile } from './config-file.ts';
import { findNearMiss } from './near-miss.ts';
import { SettingError } from './setting-error.ts';

/** One value with the place it came from, so that a message can name it. */
export interface Sourced {
  value: string;
  file: string;
  key: string;
}

/** The values of a config file, with the environment laid over them. */
export interface LayeredValues {
  get(key: string): Sourced | undefined;
  /** @throws SettingError when the value is missing or empty */
  require(key: string, expected: string): Sourced;
}

/**
 * @param toVariable the environment variable that overrides a key
 * @param known every key that is read, to tell a slip from a foreign key
 */
export function layerValues(
  file: ConfigFile,
  env: NodeJS.ProcessEnv,
  { known, toVariable = (key) => key }: { known: readonly string[]; toVariable?: (key: string) => string },
): LayeredValues {
  for (const key of Object.keys(file.values)) {
    const meant = known.includes(key) ? undefined : findNearMiss(key, known);
    if (meant)
      throw new SettingError({
        file: file.name,
        key,
        found: '(this key)',
        expected: `a known key; ${meant} was probably meant`,
      });
  }
  const get = (key: string): Sourced | undefined => {
    const variable = toVariable(key);
    const override = env[variable];
    // An empty variable is how a shell says "not set"; it must not wipe out the file.
    if (override) return { value: override.trim(), file: 'environment', key: variable };
    const value = file.values[key];
    return value === undefined ? undefined : { value: value.trim(), file: file.name, key };
  };
  return {
    get,
    require(key, expected) {
      const found = get(key);
      if (!found?.value) throw new SettingError({ file: file.name, key, found: found?.value, expected });
      return found;
    },
  };
}
