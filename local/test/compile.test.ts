import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const launch = (main: string, ...words: string[]) =>
  spawnSync(process.execPath, ['local/launch.mjs', main, ...words], { cwd: checkout, encoding: 'utf8' });

test('a fleet runs compiled programs, and their source maps name the TypeScript files', () => {
  assert.match(launch('local/src/main.ts', '--help').stdout, /npm start/);
  const compiled = path.join(checkout, 'updater', 'dist', 'main.js');
  const { sources } = JSON.parse(readFileSync(`${compiled}.map`, 'utf8'));
  assert.ok(sources.includes('../src/main.ts'), sources.join(' '));
});

test('an unchanged program is not written again', () => {
  const compiled = path.join(checkout, 'updater', 'dist', 'main.js');
  launch('local/src/main.ts', '--help');
  const before = statSync(compiled);
  launch('local/src/main.ts', '--help');
  assert.equal(statSync(compiled).ino, before.ino);
});
