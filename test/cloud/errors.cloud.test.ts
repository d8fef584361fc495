import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findService, listServices, readCompose } from '@shop/local';
import {
  findFreePort,
  type LogLine,
  makeDataFolder,
  runServiceProcess,
  type ServiceProcess,
  startDatabase,
} from '@shop/test-support';
import { type Cloud, type ConfigOptions, startCloud } from './start-cloud.ts';

/** Tells `npm start` that a setting is invalid, so a restart cannot help. */
const settingExitCode = 78;

const compose = readCompose(fileURLToPath(new URL('../..', import.meta.url)), {});
const mainOf = (service: string) =>
  new URL(`../../${findService(compose, service).folder}/src/main.ts`, import.meta.url);

test('a wrong address, login or certificate of the cloud is reported in one line', async (t) => {
  const cloud = await startCloud(t);
  const database = await startDatabase({ folder: path.join(makeDataFolder(), 'database') });
  t.after(() => database.stop());
  const env = {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(database.port),
    CONNECT_URL: `http://127.0.0.1:${await findFreePort()}`,
    PORT: '0',
    HEALTH_PORT: '0',
    CUSTOMERS_TOPIC: 'dummy.public.customers',
  };
  const start = (inner: TestContext, service: string, options: ConfigOptions, more: Record<string, string> = {}) =>
    runServiceProcess(inner, mainOf(service), { ...env, ...more, CONFIG_DIR: cloud.writeConfig(options) });

  for (const service of listServices(compose))
    await t.test(`${service}: a wrong Kafka secret`, async (inner) => {
      const line = await refusal(start(inner, service, { kafka: { secret: 'not+the+Secr3t' } }), cloud);
      assert.match(line.msg, /Kafka refused the login; fix config\/kafka\.config: sasl\.jaas\.config/);
    });

  const refused: [what: string, options: ConfigOptions, message: RegExp][] = [
    [
      'a wrong key, pasted as librdkafka properties',
      { style: 'librdkafka', kafka: { key: 'NOSUCHKEY' } },
      /Kafka refused the login; fix config\/kafka\.config: sasl\.username, sasl\.password/,
    ],
    [
      'an authority that is not trusted',
      { withoutCa: true },
      /certificate of localhost:\d+ is not trusted; fix config\/kafka\.config: ssl\.ca\.location/,
    ],
    [
      'a certificate for another name',
      { kafka: { brokers: cloud.kafka.brokers.replace('localhost', '127.0.0.1') } },
      /is for another name; fix config\/kafka\.config: bootstrap\.servers/,
    ],
  ];
  for (const [what, options, message] of refused)
    await t.test(`Kafka: ${what}`, async (inner) => {
      const line = await refusal(start(inner, 'ksql', options), cloud);
      assert.match(line.msg, message);
    });

  await t.test('Kafka: services wait for an unreachable host', async (inner) => {
    const brokers = `localhost:${await findFreePort()}`;
    const service = start(inner, 'ksql', { kafka: { brokers } });
    const line = await service.said('waiting for a dependency');
    assert.match(String(line['reason']), /no answer from localhost:\d+ \(config\/kafka\.config: bootstrap\.servers\)/);
    await endQuietly(service, cloud);
  });

  for (const [what, options, env] of [
    ['TLS to a listener without TLS', { kafka: { brokers: `localhost:${cloud.plainPort}` } }, {}],
    ['no TLS to a listener with TLS', {}, { KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' }],
  ] as const)
    await t.test(`Kafka: ${what}`, async (inner) => {
      const service = start(inner, 'ksql', options, env);
      const line = await service.said('waiting for a dependency');
      assert.match(
        String(line['reason']),
        /config\/kafka\.config: bootstrap\.servers.*security\.protocol does not fit/,
      );
      await endQuietly(service, cloud);
    });

  await t.test('Kafka: a login that may not create topics', async (inner) => {
    const { key, secret } = cloud.limited;
    const service = start(inner, 'ksql', { kafka: { key, secret } });
    assert.equal(await service.ended, 1);
    const line = onlyFatal(service, cloud);
    assert.match(
      line.msg,
      /Kafka refused access to [\w., -]*customer_orders.*config\/kafka\.config: sasl\.jaas\.config/,
    );
  });

  const ksqldbTroubles: [what: string, options: ConfigOptions, reason: RegExp, msg: string][] = [
    [
      'a wrong secret',
      { ksqldb: { secret: 'not+the+Secr3t' } },
      /ksqlDB refused the login \(401\); fix config\/ksqldb\.config: KSQLDB_API_KEY, KSQLDB_API_SECRET/,
      'this needs a fix, retrying slowly',
    ],
    [
      'http instead of https',
      { ksqldb: { endpoint: cloud.ksqldb.endpoint.replace('https', 'http') } },
      /no answer from http:\/\/localhost:\d+ \(config\/ksqldb\.config: KSQLDB_ENDPOINT\)/,
      'waiting',
    ],
    [
      'a host that cannot be reached',
      { ksqldb: { endpoint: `https://localhost:${await findFreePort()}` } },
      /no answer from https:\/\/localhost:\d+ \(config\/ksqldb\.config: KSQLDB_ENDPOINT\)/,
      'waiting',
    ],
    [
      'a certificate for another name',
      { ksqldb: { endpoint: cloud.ksqldb.endpoint.replace('localhost', '127.0.0.1') } },
      /is for another name; fix config\/ksqldb\.config: KSQLDB_ENDPOINT/,
      'this needs a fix, retrying slowly',
    ],
  ];
  for (const [what, options, reason, msg] of ksqldbTroubles)
    await t.test(`ksqlDB: ${what}`, async (inner) => {
      const service = start(inner, 'ksql', options);
      const line = await service.said(msg);
      assert.match(String(line['reason']), reason);
      await endQuietly(service, cloud);
    });
});

test('expired certificates', async (t) => {
  const cloud = await startCloud(t, { certificate: 'expired' });
  const start = (inner: TestContext, options: ConfigOptions, env: Record<string, string> = {}) =>
    runServiceProcess(inner, mainOf('ksql'), { ...env, HEALTH_PORT: '0', CONFIG_DIR: cloud.writeConfig(options) });
  await t.test('Kafka', async (inner) => {
    const service = start(inner, {});
    assert.equal(await service.ended, 1, 'the supervisor tries again: it may be renewed');
    const line = onlyFatal(service, cloud);
    assert.match(line.msg, /of localhost:\d+ \(config\/kafka\.config: bootstrap\.servers\) is out of date/);
  });
  await t.test('ksqlDB', async (inner) => {
    const kafka = { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${cloud.plainPort}`, KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' };
    const service = start(inner, {}, kafka);
    const line = await service.said('this needs a fix, retrying slowly');
    assert.match(String(line['reason']), /\(config\/ksqldb\.config: KSQLDB_ENDPOINT\) is out of date/);
    await endQuietly(service, cloud);
  });
});

/** Returns the fatal line of a service that ends because of a setting. */
async function refusal(service: ServiceProcess, cloud: Cloud): Promise<LogLine> {
  assert.equal(await service.ended, settingExitCode, JSON.stringify(service.lines, null, 1));
  return onlyFatal(service, cloud);
}

function onlyFatal(service: ServiceProcess, cloud: Cloud): LogLine {
  const serious = service.lines.filter(({ level }) => level === 'fatal' || level === 'error');
  assert.equal(serious.length, 1, JSON.stringify(serious, null, 1));
  assert.ok(serious[0]);
  assertNoSecret(service, cloud);
  return serious[0];
}

/** Ends a waiting service, after checking that it logged the reason once. */
async function endQuietly(service: ServiceProcess, cloud: Cloud): Promise<void> {
  assert.equal(await service.end(), 0);
  const said = service.lines.filter(({ level }) => level !== 'info').map(({ msg }) => msg);
  assert.equal(new Set(said).size, said.length, `said twice: ${said.join('; ')}`);
  assertNoSecret(service, cloud);
}

function assertNoSecret(service: ServiceProcess, { kafka, ksqldb, limited }: Cloud): void {
  const text = JSON.stringify(service.lines);
  for (const secret of [kafka.secret, ksqldb.secret, limited.secret, 'not+the+Secr3t'])
    assert.ok(!text.includes(secret), 'a log shows a secret');
}
