import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder } from '@shop/test-support';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

function checkMachine(platform: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process,"platform",{value:"${platform}"})`;
  const args = ['--import', pretend, path.join('local', 'check-machine.cjs')];
  return spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8' });
}

test('Windows is refused at once, and the message names WSL and Docker', () => {
  const { status, stderr } = checkMachine('win32');
  assert.equal(status, 1);
  assert.match(stderr, /does not run on Windows itself.*WSL 2.*docker compose up -d/s);
});

test('other systems pass without a message', () => {
  for (const platform of ['linux', 'darwin']) {
    const { status, stdout, stderr } = checkMachine(platform);
    assert.equal(status, 0);
    assert.equal(stdout + stderr, '');
  }
});

test('the check runs before the commands that Windows cannot read', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8'));
  for (const name of ['start', 'test', 'faults']) {
    assert.match(scripts[name], /^exec /);
    // cmd.exe and sh read these words alike.
    assert.equal(scripts[`pre${name}`], 'node local/check-machine.cjs');
  }
});

/** Runs the check of a checkout in a folder with this name. */
function checkFolder(t: TestContext, name: string, env: Record<string, string> = {}) {
  const home = makeTestFolder(t);
  const folder = path.join(home, name, 'local');
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(checkout, 'local', 'check-machine.cjs'), path.join(folder, 'check-machine.cjs'));
  return spawnSync(process.execPath, ['local/check-machine.cjs'], {
    cwd: path.dirname(folder),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
}

for (const character of ['\\', '"', '$', '`', '?', '!', '*', '\n', '\t'])
  test(`a folder with ${JSON.stringify(character)} in its name is refused in one line`, (t) => {
    const names = {
      checkout: checkFolder(t, `a${character}b`),
      data: checkFolder(t, 'a', { SHOP_DATA: `/tmp/a${character}b` }),
    };
    for (const [name, { status, stderr }] of Object.entries(names)) {
      assert.equal(status, 1, name);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.ok(stderr.includes(JSON.stringify(`a${character}b`).slice(1, -1)), stderr);
      assert.ok(stderr.includes(`contains ${JSON.stringify(character)}`), stderr);
    }
  });

// test/clone/folder-names.clone.test.ts tests the names that work.
for (const name of ['läden', 'a:b', 'a,b', 'a#b', 'a%20b', 'a b', "it's (1) & [2];"])
  test(`a folder named ${name} passes`, (t) => {
    assert.equal(checkFolder(t, name, { SHOP_DATA: `/tmp/${name}` }).stderr, '');
  });
