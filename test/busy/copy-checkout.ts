import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { makeDataFolder } from '@shop/test-support';

/**
 * Copies the files that git lists, including uncommitted changes. Like a new clone, the copy has no packages, jars or
 * data.
 *
 * @returns the copy's folder
 */
export function copyCheckout(checkout: string): string {
  const copy = path.join(makeDataFolder(), 'shop');
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: checkout, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  for (const file of files.split('\0').filter(Boolean)) {
    const from = path.join(checkout, file);
    // git also lists files whose deletion is not committed.
    if (existsSync(from)) cpSync(from, path.join(copy, file), { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}
