import type { z } from 'zod';
import { findNearMiss } from './near-miss.ts';
import { hidden, isSecretKey, SettingError, type SettingProblem } from './setting-error.ts';

/** Where a service's own settings are written, for messages. */
const file = 'docker-compose.yml (environment)';

/** Shorter names are too similar to one another to be guessed. */
const guessableLength = 8;

/**
 * Reads a service's own settings from the environment, which docker-compose.yml fills.
 *
 * @param schema one schema for each variable, whose error messages say what was expected
 * @throws SettingError naming every value that cannot be used, and every variable whose name is nearly one of the schema
 */
export function readSettings<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): Readonly<z.output<S>> {
  const keys = Object.keys(schema.shape);
  const given = Object.fromEntries(keys.map((key) => [key, env[key]]));
  const parsed = schema.safeParse(given, { reportInput: true });
  const mistyped = findMistypedKeys(keys, env);
  if (parsed.success && mistyped.length === 0) return Object.freeze(parsed.data);
  throw new SettingError([...mistyped, ...toProblems(parsed.error?.issues ?? [], env)]);
}

function findMistypedKeys(keys: readonly string[], env: NodeJS.ProcessEnv): SettingProblem[] {
  const unset = keys.filter((key) => env[key] === undefined && key.length >= guessableLength);
  return Object.keys(env).flatMap((key) => {
    const meant = keys.includes(key) ? undefined : findNearMiss(key, unset);
    if (!meant) return [];
    const found = isSecretKey(meant) ? hidden : env[key];
    return [{ file, key, found, expected: `no such setting; ${meant} was probably meant` }];
  });
}

/** The first issue of each setting: a text that is no number is not below a limit either. */
function toProblems(issues: readonly z.core.$ZodIssue[], env: NodeJS.ProcessEnv): SettingProblem[] {
  const problems = new Map<string, SettingProblem>();
  for (const { path, input, message } of issues) {
    const key = String(path[0]);
    // A limit that is wrong only beside another setting may be a default.
    const found = env[key] ?? (input === undefined ? undefined : String(input));
    if (!problems.has(key))
      problems.set(key, { file, key, found: found && isSecretKey(key) ? hidden : found, expected: message });
  }
  return [...problems.values()];
}
