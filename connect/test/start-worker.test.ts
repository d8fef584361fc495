import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readKafkaSettings, settingExitCode, toWorkerProperties } from '@shop/common';
import { makeTestFolder } from '@shop/test-support';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
/** Node 20 needs it for the `node` that the script starts. */
const loader = `--import=${import.meta.resolve('tsx')}`;

/** Runs the image's start script with a kafka.config; in place of the worker, it prints its environment. */
function startWorker(t: TestContext, kafkaConfig: string, env: Record<string, string> = {}) {
  const folder = makeTestFolder(t, { 'kafka.config': kafkaConfig });
  copyFileSync(path.join(checkout, 'config', 'postgres.config'), path.join(folder, 'postgres.config'));
  const child = spawn('bash', [path.join(checkout, 'connect', 'start-worker.sh'), 'env', '-0'], {
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: loader, CONFIG_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return {
    folder,
    child,
    async end() {
      const [[status], stdout, stderr] = await ended;
      const lines = stdout.split('\0').map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]);
      return { status: status as number, stderr, environment: Object.fromEntries(lines) as Record<string, string> };
    },
  };
}

/** As the image does it: each CONNECT_ variable is a line of a Java properties file, as it is. */
function toProperties(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => name.startsWith('CONNECT_'))
      .map(([name, value]) => [
        name.slice('CONNECT_'.length).toLowerCase().replaceAll('_', '.'),
        value.replaceAll(/\\(.)/g, '$1'),
      ]),
  );
}

const nowhere = 'bootstrap.servers=127.0.0.1:1\n';

test('the local broker needs no login, and the connector gets only its own one of Postgres', async (t) => {
  const { environment, status } = await startWorker(t, `${nowhere}security.protocol=PLAINTEXT\n`).end();
  assert.equal(status, 0);
  assert.equal(environment['CONNECT_BOOTSTRAP_SERVERS'], '127.0.0.1:1');
  assert.equal(environment['CONNECT_PRODUCER_SECURITY_PROTOCOL'], 'PLAINTEXT');
  assert.equal(environment['CONNECT_SASL_JAAS_CONFIG'], undefined);
  assert.equal(environment['POSTGRES_HOST'], 'postgres_start');
  assert.equal(environment['DEBEZIUM_PASSWORD'], 'debezium-local');
  assert.equal(environment['SHOP_PASSWORD'], undefined);
});

for (const [what, config] of [
  ['librdkafka, with quotes and a backslash in the secret', `sasl.username=K'EY\nsasl.password='a"b\\c'\n`],
  ['Java, continued', `sasl.jaas.config=a.PlainLoginModule required \\\n  username="K" \\\n  password="s/+cr#t";\n`],
  ['no check of the host name', 'sasl.username=K\nsasl.password=s\nssl.endpoint.identification.algorithm=\n'],
] as const)
  test(`the image's worker gets what the services read: ${what}`, async (t) => {
    const worker = startWorker(t, `${nowhere}security.protocol=SASL_SSL\n${config}`);
    const { environment, status, stderr } = await worker.end();
    assert.equal(status, 0, stderr);
    const expected = toWorkerProperties(readKafkaSettings({ CONFIG_DIR: worker.folder }));
    assert.deepEqual(toProperties(environment), expected);
  });

test('an unusable setting results in one line and exit code 78', async (t) => {
  const { status, stderr } = await startWorker(t, `${nowhere}security.protocol=SASL\n`).end();
  assert.equal(status, settingExitCode);
  assert.equal(
    stderr,
    'config/kafka.config: security.protocol: found "SASL", expected one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL\n',
  );
});

test('in the image, it waits until the file is fixed', async (t) => {
  const worker = startWorker(t, 'bootstrap.servers=nowhere\n', { ON_SETTING_ERROR: 'wait' });
  const [line] = await once(worker.child.stderr, 'data');
  assert.match(String(line), /bootstrap\.servers: found "nowhere", expected host:port/);
  writeFileSync(path.join(worker.folder, 'kafka.config'), nowhere);
  const { status, environment } = await worker.end();
  assert.equal(status, 0);
  assert.equal(environment['CONNECT_BOOTSTRAP_SERVERS'], '127.0.0.1:1');
});
