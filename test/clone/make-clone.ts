import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder } from '@shop/test-support';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd, encoding: 'utf8' });

/** The paths of the files that belong to the project, also of those that are not committed yet. */
export const listProjectFiles = (): string[] =>
  git(checkout, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(checkout, file)));

/** Copies the project's files into a new folder at `target`, without node_modules. */
export function copyProject(target: string): void {
  for (const file of listProjectFiles()) {
    const copy = path.join(target, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(path.join(checkout, file), copy);
  }
}

/** Clones the project as it is now, without node_modules. @param settings of git, such as `core.autocrlf=true` */
export function cloneProject(t: TestContext, settings: readonly string[]): string {
  const folder = makeTestFolder(t);
  const origin = path.join(folder, 'origin');
  copyProject(origin);
  git(origin, 'init', '-q');
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'as it is now');
  const clone = path.join(folder, 'clone');
  git(folder, 'clone', '-q', ...settings.flatMap((setting) => ['-c', setting]), origin, clone);
  return clone;
}
