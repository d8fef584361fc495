import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the image's start script with a kafka.config, and gives the environment that the worker would get. */
function startWorker(t: TestContext, kafkaConfig: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'worker-'));
  t.after(() => rmSync(folder, { recursive: true }));
  copyFileSync(path.join(checkout, 'common', 'settings.sh'), path.join(folder, 'settings.sh'));
  copyFileSync(path.join(checkout, 'connect', 'start-worker.sh'), path.join(folder, 'start-worker.sh'));
  copyFileSync(path.join(checkout, 'config', 'postgres.config'), path.join(folder, 'postgres.config'));
  writeFileSync(path.join(folder, 'ca.pem'), 'PEM');
  writeFileSync(path.join(folder, 'kafka.config'), kafkaConfig);
  const { status, stdout, stderr } = spawnSync('bash', [path.join(folder, 'start-worker.sh'), 'env'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', CONFIG_DIR: folder },
  });
  const environment = Object.fromEntries(
    stdout.split('\n').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  return { folder, status, stderr, environment };
}

const prefixes = ['CONNECT_', 'CONNECT_PRODUCER_', 'CONNECT_CONSUMER_', 'CONNECT_ADMIN_'];

test('the local broker needs no login', (t) => {
  const { environment, status } = startWorker(t, 'bootstrap.servers=kafka:9092\nsecurity.protocol=PLAINTEXT\n');
  assert.equal(status, 0);
  assert.equal(environment['CONNECT_BOOTSTRAP_SERVERS'], 'kafka:9092');
  assert.equal(environment['CONNECT_PRODUCER_SECURITY_PROTOCOL'], 'PLAINTEXT');
  assert.equal(environment['CONNECT_SASL_JAAS_CONFIG'], undefined);
  assert.equal(environment['POSTGRES_HOST'], 'postgres_start');
  assert.equal(environment['DEBEZIUM_PASSWORD'], 'debezium-local');
  assert.equal(environment['SHOP_PASSWORD'], undefined);
});

test("Java clients' properties, as Confluent Cloud hands them out", (t) => {
  const jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='s/+cr#t';";
  const { environment } = startWorker(
    t,
    `bootstrap.servers=pkc.example:9092\nsecurity.protocol=SASL_SSL\nsasl.jaas.config="${jaas}"\nsasl.mechanism=PLAIN\n`,
  );
  for (const prefix of prefixes) {
    assert.equal(environment[`${prefix}SECURITY_PROTOCOL`], 'SASL_SSL');
    assert.equal(environment[`${prefix}SASL_MECHANISM`], 'PLAIN');
    assert.equal(environment[`${prefix}SASL_JAAS_CONFIG`], jaas);
  }
});

test("librdkafka's properties, with certificates of one's own", (t) => {
  const { environment, folder } = startWorker(
    t,
    'bootstrap.servers=b:9092\nsecurity.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\nsasl.username=KEY\n' +
      "sasl.password='a\"b\\c'\nssl.ca.location=ca.pem\nssl.endpoint.identification.algorithm=none\n",
  );
  for (const prefix of prefixes) {
    assert.equal(
      environment[`${prefix}SASL_JAAS_CONFIG`],
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="KEY" password="a\\"b\\\\c";',
    );
    assert.equal(environment[`${prefix}SSL_TRUSTSTORE_TYPE`], 'PEM');
    assert.equal(environment[`${prefix}SSL_TRUSTSTORE_LOCATION`], `${folder}/ca.pem`);
    assert.equal(environment[`${prefix}SSL_ENDPOINT_IDENTIFICATION_ALGORITHM`], '');
  }
});

for (const [config, expected] of [
  ['security.protocol=PLAINTEXT\n', /bootstrap\.servers/],
  ['bootstrap.servers=b:1\nsecurity.protocol=SASL\n', /security\.protocol: expected one of PLAINTEXT/],
  ['bootstrap.servers=b:1\nsecurity.protocol=SASL_SSL\nsasl.username=u\n', /sasl\.password: expected the API secret/],
  ['bootstrap.servers=b:1\nsecurity.protocol=SSL\nssl.ca.location=none.pem\n', /ssl\.ca\.location: expected the path/],
] as const)
  test(`refuses ${JSON.stringify(config)}`, (t) => {
    const { status, stderr } = startWorker(t, config);
    assert.equal(status, 78);
    assert.match(stderr, expected);
  });
