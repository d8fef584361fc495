import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  findFreePort,
  makeTestFolder,
  openTestKafka,
  runServiceProcess,
  testKafka,
  unique,
  untilPasses,
} from '@shop/test-support';
import { rowsOf, runStatements } from './helpers/start-server.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const name = 'ksqldb-embedded';
/** Time limit for an npm that waits for its registry, ms. */
const npmTimeoutMs = 600_000;

/** Runs npm or npx without stdin. npm finds the packages in its cache, because the checkout's install fetched them. */
async function run(command: 'npm' | 'npx', cwd: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_ignore_scripts: 'false' };
  const started = promisify(execFile)(command, args, { cwd, env, timeout: npmTimeoutMs });
  started.child.stdin?.end();
  return (await started).stdout;
}

test('the packed program runs in an empty folder', async (t) => {
  const [packed, folder] = [makeTestFolder(t), makeTestFolder(t)];
  const kafka = await openTestKafka();
  t.after(() => kafka.close());

  await run('npm', packageFolder, ['pack', '--pack-destination', packed]);
  const [tarball = ''] = readdirSync(packed);
  await run('npm', folder, ['install', '--no-audit', '--no-fund', path.join(packed, tarball)]);

  await t.test('it contains only the program and its documents', () => {
    const files = readdirSync(path.join(folder, 'node_modules', name));
    assert.deepEqual(files.sort(), ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']);
    assert.ok(!readdirSync(path.join(folder, 'node_modules')).includes('@shop'), 'no package of the shop');
  });

  await t.test('npx finds it', async () => {
    assert.match(await run('npx', folder, ['--no', '--', name, '--version']), /^\d+\.\d+\.\d+ \(ksqlDB 7\.9\.0\)\n$/);
  });

  await t.test('it creates a table, answers a pull query and ends on SIGTERM', async (t) => {
    const port = await findFreePort();
    const program = pathToFileURL(path.join(folder, 'node_modules', '.bin', name));
    const args = ['--kafka', testKafka(), '--port', String(port), '--service-id', `test-${unique()}`];
    const server = runServiceProcess(t, program, { HEALTH_PORT: '' }, args);
    await server.said('ready');
    const url = `http://127.0.0.1:${port}`;
    const topic = `packed_${unique()}`;
    await kafka.createTopic(topic, 2);
    const table = `stock_${unique()}`;
    await runStatements(
      url,
      `CREATE TABLE ${table}_changes (product VARCHAR PRIMARY KEY, pieces BIGINT) WITH (KAFKA_TOPIC='${topic}', FORMAT='JSON');
       CREATE TABLE ${table} AS SELECT * FROM ${table}_changes EMIT CHANGES;`,
    );
    await kafka.send(topic, [{ key: '"toy"', value: '{"pieces": 5}' }]);
    await untilPasses('the row', async () =>
      assert.deepEqual(await rowsOf(url, `SELECT pieces FROM ${table} WHERE product = 'toy';`), [[5]]),
    );
    assert.equal(await server.end('SIGTERM'), 0);
  });
});
