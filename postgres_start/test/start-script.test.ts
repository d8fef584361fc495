import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { settingExitCode } from '@shop/common';
import { makeTestFolder } from '@shop/test-support';

const script = fileURLToPath(new URL('../start.sh', import.meta.url));
const loader = `--import=${import.meta.resolve('tsx')}`;
const logins = 'SHOP_USER=shop\nDEBEZIUM_USER=debezium\nDEBEZIUM_PASSWORD=d\nAUDIT_USER=audit\nAUDIT_PASSWORD=a\n';

/** Runs the image's start script on an empty data folder; the image's own entry point prints its environment. */
function start(t: TestContext, config: string) {
  const folder = makeTestFolder(t, { 'postgres.config': config, 'docker-entrypoint.sh': '#!/bin/sh\nenv -0\n' });
  chmodSync(path.join(folder, 'docker-entrypoint.sh'), 0o755);
  const { status, stdout, stderr } = spawnSync('bash', [script, 'postgres'], {
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH']}`, NODE_OPTIONS: loader, CONFIG_DIR: folder, PGDATA: folder },
  });
  return { status, stderr, variables: stdout.split('\0') };
}

test('the database gets the logins as the services read them', (t) => {
  const address = 'POSTGRES_HOST=h\nPOSTGRES_PORT=1\nPOSTGRES_DB=dummy\n';
  const { status, stderr, variables } = start(t, `${address}${logins}SHOP_PASSWORD="it's \\"quoted\\" # here"\n`);
  assert.equal(status, 0, stderr);
  assert.ok(variables.includes('POSTGRES_DB=dummy'));
  assert.ok(variables.includes(`SHOP_PASSWORD=it's "quoted" # here`));
});

test('an unusable setting results in one line and exit code 78', (t) => {
  const { status, stderr } = start(t, `POSTGRES_HOST=h\nPOSTGRES_PORT=five\nPOSTGRES_DB=d\n${logins}SHOP_PASSWORD=x\n`);
  assert.equal(status, settingExitCode);
  assert.equal(stderr, 'config/postgres.config: POSTGRES_PORT: found "five", expected a port from 1 to 65535\n');
});
