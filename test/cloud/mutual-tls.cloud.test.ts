import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createKafka, readKafkaSettings, readKsqldbSettings, settingExitCode } from '@shop/common';
import { runServiceProcess } from '@shop/test-support';
import { openShop } from '../fleet/open-shop.ts';
import { shipHome } from '../fleet/orders.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { keyPassword } from './certificates.ts';
import { type Cloud, type ConfigOptions, startCloud } from './start-cloud.ts';

test('a Kafka that requires client certificates', async (t) => {
  const cloud = await startCloud(t, { mutual: true });
  for (const [what, dir] of listWays(cloud))
    await t.test(`the client sends its certificate: ${what}`, async (inner) => {
      const admin = createKafka(readKafkaSettings({ CONFIG_DIR: dir })).admin();
      await admin.connect();
      inner.after(() => admin.disconnect());
      assert.equal((await admin.describeCluster()).brokers.length, 1);
    });

  await t.test('a service without one exits with code 78 and names the setting', async (inner) => {
    const options = { style: 'java' } as const;
    const line = await refusal(inner, cloud, options, { KAFKA_SECURITY_PROTOCOL: 'SSL' });
    assert.match(
      line,
      /^localhost:\d+ asks for a client certificate; set ssl\.certificate\.location and ssl\.key\.location in config\/kafka\.config \(alert of the server: (bad certificate|certificate required)\)$/,
    );
  });

  await t.test('a service with an untrusted certificate does the same', async (inner) => {
    const line = await refusal(inner, cloud, { style: 'certificate', client: cloud.certificates.stranger });
    assert.match(
      line,
      /^localhost:\d+ refused the client's certificate; fix config\/kafka\.config: ssl\.certificate\.location, ssl\.key\.location \(alert of the server: [a-z ]+\)$/,
    );
  });

  await t.test('the Connect worker and every service work with one', async (inner) => {
    const env = { CONFIG_DIR: cloud.writeConfig({ style: 'certificate' }) };
    const fleet = await startFleet(inner, { flags: ['--cloud'], env });
    const ports = { ...fleet.ports, kafka: cloud.plainPort };
    const shop = await openShop(inner, ports, readKsqldbSettings(env));
    await shipHome(shop, 'Mutual Street 17');
    await shop.close();
    assert.equal((await fleet.stop()).code, 0);
  });
});

/** Creates a CONFIG_DIR for each way to configure certificate and key. */
function listWays(cloud: Cloud): [what: string, dir: string][] {
  const { client, ca } = cloud.certificates;
  const text = (file: string, lineBreak: string) => readFileSync(file, 'utf8').trim().replaceAll('\n', lineBreak);
  const write = (...lines: string[]) => {
    const dir = cloud.writeConfig({ style: 'certificate' });
    const address = `bootstrap.servers=${cloud.kafka.brokers}\nsecurity.protocol=SSL\n`;
    writeFileSync(path.join(dir, 'kafka.config'), `${address}${lines.join('\n')}\n`);
    return dir;
  };
  return [
    ['two PEM files', cloud.writeConfig({ style: 'certificate' })],
    ["Java's one PEM file", cloud.writeConfig({ style: 'keystore' })],
    [
      'an encrypted key',
      write(
        'ssl.ca.location=ca.pem',
        'ssl.certificate.location=client.pem',
        `ssl.key.location=${client.encryptedKey}`,
        `ssl.key.password=${keyPassword}`,
      ),
    ],
    [
      "Java's PEM as text, with \\n for its line breaks",
      write(
        'ssl.truststore.type=PEM',
        `ssl.truststore.certificates=${text(ca, '\\n')}`,
        'ssl.keystore.type=PEM',
        `ssl.keystore.certificate.chain=${text(client.certificate, '\\n')}`,
        `ssl.keystore.key=${text(client.key, '\\n')}`,
      ),
    ],
    [
      "librdkafka's PEM as text, continued from line to line",
      write(
        `ssl.ca.pem=${text(ca, ' \\\n  ')}`,
        `ssl.certificate.pem=${text(client.certificate, ' \\\n  ')}`,
        `ssl.key.pem=${text(client.key, ' \\\n  ')}`,
      ),
    ],
  ];
}

/** Checks that a service ends with code 78 and one error. @returns its message */
async function refusal(
  t: TestContext,
  cloud: Cloud,
  options: ConfigOptions,
  env: Record<string, string> = {},
): Promise<string> {
  const main = new URL('../../ksql/src/main.ts', import.meta.url);
  const service = runServiceProcess(t, main, { ...env, HEALTH_PORT: '0', CONFIG_DIR: cloud.writeConfig(options) });
  assert.equal(await service.ended, settingExitCode, JSON.stringify(service.lines, null, 1));
  const serious = service.lines.filter(({ level }) => level === 'fatal' || level === 'error');
  assert.equal(serious.length, 1, JSON.stringify(serious, null, 1));
  return serious[0]?.msg ?? '';
}
