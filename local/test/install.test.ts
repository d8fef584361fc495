import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder, until } from '@shop/test-support';
import { identify } from '../src/os/identity.ts';

const local = fileURLToPath(new URL('..', import.meta.url));

test('stopping a start during npm install ends npm, and leaves no lock', async (t) => {
  const checkout = makeTestFolder(t);
  mkdirSync(path.join(checkout, 'local'));
  for (const name of readdirSync(local).filter((each) => /\.[cm]js$/.test(each)))
    copyFileSync(path.join(local, name), path.join(checkout, 'local', name));
  writeFileSync(path.join(checkout, 'package-lock.json'), '{"packages":{}}');
  // A long-running process replaces npm.
  const npm = path.join(checkout, 'npm.cjs');
  const pidFile = path.join(checkout, 'npm.pid');
  writeFileSync(
    npm,
    `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1_000);`,
  );
  const start = spawn(process.execPath, ['local/launch.mjs', 'none.mjs'], {
    cwd: checkout,
    env: { ...process.env, npm_execpath: npm },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  start.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const pid = await until(
    'a number of the process',
    () => existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8')),
  );
  start.kill('SIGTERM');
  const [code] = await once(start, 'close');
  assert.equal(code, 1);
  assert.match(said, /npm ci was stopped \(SIGTERM\)/);
  assert.equal(identify(pid), undefined);
  assert.equal(existsSync(path.join(checkout, '.shop', 'npm-ci.lock')), false);
});
