import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readPostgresSettings, settingExitCode } from '@shop/common';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const others = 'POSTGRES_HOST=h\nPOSTGRES_PORT=1\nPOSTGRES_DB=d\nSHOP_USER=u\nDEBEZIUM_USER=u\nDEBEZIUM_PASSWORD=p\n';

function createConfig(t: TestContext, fileName: string, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, fileName), text);
  return folder;
}

function runBash(script: string, env: Record<string, string>) {
  return spawnSync('bash', ['--norc', '-c', script], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
}

const readShopPassword = '. common/settings.sh; require postgres.config SHOP_PASSWORD words; printf %s "$value"';

// The images without Node must read a file as the services do.
for (const line of [
  'SHOP_PASSWORD=plain',
  'SHOP_PASSWORD = with blanks around  ',
  'export SHOP_PASSWORD=exported',
  "SHOP_PASSWORD='single # quoted'",
  'SHOP_PASSWORD="double # quoted" # a comment',
  'SHOP_PASSWORD=`back # quoted`',
  'SHOP_PASSWORD=before # a comment',
  'SHOP_PASSWORD=a=b==',
  'SHOP_PASSWORD="line\\nbreak"',
  '# SHOP_PASSWORD=commented\nSHOP_PASSWORD=real',
  'SHOP_PASSWORD=carriage\r',
])
  test(`settings.sh reads ${JSON.stringify(line)} as the services do`, (t) => {
    const CONFIG_DIR = createConfig(t, 'postgres.config', `${others}${line}\n`);
    const { stdout, stderr } = runBash(readShopPassword, { CONFIG_DIR });
    assert.equal(stderr, '');
    assert.equal(stdout, readPostgresSettings({ CONFIG_DIR }).shop.password);
  });

for (const [line, expected] of [
  ['SHOP_PASSWORD=cut#here', /SHOP_PASSWORD: expected the value in quotes, because it contains #/],
  ['SHOP_PASSWORD=continued\\', /the whole value on one line/],
  ['SHOP_PASSWORD="open', /a closing "/],
  ['SHOP_PASSWORD=', /config\/postgres\.config: SHOP_PASSWORD: expected words, found nothing/],
  ['', /found nothing/],
] as const)
  test(`settings.sh refuses ${JSON.stringify(line)} and does not show it`, (t) => {
    const CONFIG_DIR = createConfig(t, 'postgres.config', `${others}${line}\n`);
    const { status, stdout, stderr } = runBash(readShopPassword, { CONFIG_DIR });
    assert.equal(status, settingExitCode);
    assert.equal(stdout, '');
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /cut|continued|open/);
  });

test('settings.sh: the environment wins', (t) => {
  const CONFIG_DIR = createConfig(t, 'postgres.config', `${others}SHOP_PASSWORD=file\n`);
  assert.equal(runBash(readShopPassword, { CONFIG_DIR, SHOP_PASSWORD: 'env' }).stdout, 'env');
});

test('settings.sh names a file that is not there', () => {
  const { status, stderr } = runBash(readShopPassword, { CONFIG_DIR: '/none' });
  assert.equal(status, settingExitCode);
  assert.match(stderr, /config\/postgres\.config: \(the file\): expected a file that user .* can read/);
});
