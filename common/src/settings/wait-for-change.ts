import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findConfigDir } from './config-file.ts';

/** Time between two checks, ms. Events of the file system do not reach every kind of mount. */
const intervalMs = 1_000;

/** Resolves when a file in the folder of the config files is changed, added or removed. */
export type WaitForChange = () => Promise<void>;

/** Call it before the files are read: a change between reading and waiting counts too. */
export function watchConfig(env: NodeJS.ProcessEnv): WaitForChange {
  const dir = findConfigDir(env);
  const before = describeFolder(dir);
  return async () => {
    while (describeFolder(dir) === before) await delay(intervalMs);
  };
}

/** Names, sizes and times of the files; empty for a folder that is not there. */
function describeFolder(dir: string): string {
  try {
    return readdirSync(dir)
      .map((name) => [name, statSync(path.join(dir, name), { throwIfNoEntry: false })] as const)
      .map(([name, stat]) => `${name} ${stat?.size} ${stat?.mtimeMs} ${stat?.ino}`)
      .join('\n');
  } catch {
    return '';
  }
}
