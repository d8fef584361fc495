// biome-ignore-all lint/suspicious/noTemplateCurlyInString: docker compose fills them
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder } from '@shop/test-support';
import { findService, readCompose, readPort } from '../../src/compose/read-compose.ts';
import { listServices } from '../../src/fleet/process-names.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

const createCheckout = (t: TestContext, compose: string, dotenv = ''): string =>
  makeTestFolder(t, { 'docker-compose.yml': compose, '.env': dotenv });

test('reads environment, command and folder, with merged keys; the shell overrides .env', (t) => {
  const folder = createCheckout(
    t,
    [
      'x-all: &all { LOG_LEVEL: "${LOG_LEVEL:-info}" }',
      'services:',
      '  a:',
      '    build: { context: ., dockerfile: a/Dockerfile }',
      '    depends_on: { b: { condition: service_healthy } }',
      '    command: [run, -c, "port=${PORT_OF_A}"]',
      '    environment: { <<: *all, COUNT: 6, ON: true, FROM_SHELL: null }',
      '  b: { image: x }',
    ].join('\n'),
    'PORT_OF_A=1\nOTHER=2\n',
  );
  const compose = readCompose(folder, { PORT_OF_A: '7', FROM_SHELL: 'yes' });
  assert.deepEqual(findService(compose, 'a'), {
    name: 'a',
    command: ['run', '-c', 'port=7'],
    environment: { LOG_LEVEL: 'info', COUNT: '6', ON: 'true', FROM_SHELL: 'yes' },
    dependsOn: ['b'],
    folder: 'a',
  });
  assert.equal('folder' in findService(compose, 'b'), false);
  assert.deepEqual(compose.variables, { PORT_OF_A: '7', OTHER: '2' });
});

test('names the invalid key', (t) => {
  const folder = createCheckout(t, 'services: { a: { environment: [A=1] } }', 'P=80x\n');
  assert.throws(() => readCompose(folder, {}), /docker-compose\.yml: [\s\S]*environment/);
  const compose = readCompose(createCheckout(t, 'services: {}', 'P=80x\n'), {});
  assert.throws(() => readPort(compose, 'P'), /\.env: P: found "80x", expected a port from 1 to 65535/);
  assert.throws(() => readPort(compose, 'Q'), /\.env: Q: found ""/);
  assert.throws(() => findService(compose, 'c'), /there is no service c/);
});

test("the project's own file has every setting that the processes need", () => {
  const compose = readCompose(checkout, {});
  assert.equal(findService(compose, 'kafka').environment['KAFKA_AUTO_CREATE_TOPICS_ENABLE'], 'false');
  assert.deepEqual(findService(compose, 'postgres_start').command.slice(0, 3), ['postgres', '-c', 'wal_level=logical']);
  const services = listServices(compose);
  for (const name of [
    'updater',
    'order-service',
    'shipping-service',
    'refill-inventory',
    'websocket',
    'ksql',
    'connector',
    'audit',
  ])
    assert.ok(services.includes(name), name);
  for (const name of ['connect', 'kafka', 'ksqldb-embedded']) assert.ok(!services.includes(name), name);
});

test('docker-compose.yml passes no address or password to a service of the shop', () => {
  const compose = readCompose(checkout, {});
  for (const name of [...listServices(compose), 'connect', 'postgres_start', 'ksqldb-embedded'])
    for (const [key, value] of Object.entries(findService(compose, name).environment)) {
      assert.doesNotMatch(key, /BOOTSTRAP|PASSWORD|SECRET|ENDPOINT|JAAS/, `${name}: ${key}`);
      assert.doesNotMatch(value, /:9092|:5432|:8088/, `${name}: ${key}`);
    }
});

test('ALLOWED_ORIGINS of .env or of the shell reaches the websocket service', () => {
  assert.equal(findService(readCompose(checkout, {}), 'websocket').environment['ALLOWED_ORIGINS'], '');
  const given = readCompose(checkout, { ALLOWED_ORIGINS: 'https://shop.example' });
  assert.equal(findService(given, 'websocket').environment['ALLOWED_ORIGINS'], 'https://shop.example');
});
