import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { makeDataFolder } from '@shop/test-support';

/**
 * Copies the files of a checkout that git lists, with uncommitted changes, as a new clone would have them: without
 * packages, jars and data.
 *
 * @returns the copy's folder
 */
export function copyCheckout(checkout: string): string {
  const copy = path.join(makeDataFolder(), 'shop');
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: checkout, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  for (const file of files.split('\0').filter(Boolean)) {
    const from = path.join(checkout, file);
    // A file that was deleted and not committed is listed, too.
    if (existsSync(from)) cpSync(from, path.join(copy, file), { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}
