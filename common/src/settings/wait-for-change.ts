import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findConfigDir } from './config-file.ts';

/** Between two looks, in ms. Events of the file system do not reach every kind of mount. */
const intervalMs = 1_000;

/** Resolves when a file in the folder of the config files is changed, added or removed. Rejects when the signal aborts. */
export async function waitForChange(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const dir = findConfigDir(env);
  const before = describeFolder(dir);
  do await delay(intervalMs, undefined, signal && { signal });
  while (describeFolder(dir) === before);
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
