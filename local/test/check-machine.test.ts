import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

function checkMachine(platform: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process,"platform",{value:"${platform}"})`;
  const args = ['--import', pretend, path.join('local', 'check-machine.mjs')];
  return spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8' });
}

test('Windows is refused at once, and WSL and Docker are named', () => {
  const { status, stderr } = checkMachine('win32');
  assert.equal(status, 1);
  assert.match(stderr, /does not run on Windows itself.*WSL 2.*docker compose up -d/s);
});

test('other systems pass without a word', () => {
  for (const platform of ['linux', 'darwin']) {
    const { status, stdout, stderr } = checkMachine(platform);
    assert.equal(status, 0);
    assert.equal(stdout + stderr, '');
  }
});

test('the check comes before the commands that Windows cannot read', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8'));
  for (const name of ['start', 'test', 'faults']) {
    assert.match(scripts[name], /^exec /);
    // The same words mean the same to cmd.exe and to sh.
    assert.equal(scripts[`pre${name}`], 'node local/check-machine.mjs');
  }
});
