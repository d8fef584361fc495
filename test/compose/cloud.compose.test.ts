import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readKsqldbSettings } from '@shop/common';
import { listServices, readCompose } from '@shop/local';
import { makeDataFolder } from '@shop/test-support';
import { makeCertificates } from '../cloud/certificates.ts';
import { writeCloudConfig } from '../cloud/start-cloud.ts';
import { checkShop } from '../fleet/check-shop.ts';
import { openShop } from '../fleet/open-shop.ts';
import { docker } from './docker.ts';
import { type ComposeShop, checkout, openCompose } from './start-compose.ts';

const servers = fileURLToPath(new URL('cloud.yml', import.meta.url));
const kafka = { brokers: 'cloud-kafka:9092', key: 'KAFKAKEY7XQ2', secret: 'cflt/Kafka+Secr3t=0fTheTest' };
const ksqldb = { endpoint: 'https://cloud-ksqldb:8088', key: 'KSQLDBKEY9ZZ', secret: 'cflt/ksqlDB+Secr3t=0fTheTest' };

test('the whole shop on Confluent Cloud, as `docker compose up` runs it without a profile', async (t) => {
  const folder = makeDataFolder();
  const { ca } = makeCertificates(folder, ['cloud-kafka', 'cloud-ksqldb']);
  const config = path.join(folder, 'config');
  writeCloudConfig(config, { kafka, ksqldb, ca }, { style: 'java' });
  const fleet = await openCompose(t, {
    profiles: '',
    overrides: [servers, writeMounts(folder, config)],
    env: {
      CLOUD_FOLDER: folder,
      CLOUD_KEY: kafka.key,
      CLOUD_SECRET: kafka.secret,
      CLOUD_KSQLDB_USER: `${ksqldb.key}:${ksqldb.secret}`,
    },
  });
  // After the containers are removed, for which compose reads a file of the folder.
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await t.test('everything comes up healthy', () => fleet.up('--build'));
  await t.test('the shop works', async (inner) => {
    const outside = { CONFIG_DIR: config, KSQLDB_ENDPOINT: `https://localhost:${fleet.ports.ksqldb}` };
    await checkShop(inner, await openShop(inner, fleet.ports, readKsqldbSettings(outside)), fleet.pause);
  });
  await t.test('no secret in docker inspect or in a log', () => checkSecrets(fleet));
});

/** Writes a compose file that gives every service this config folder. @returns its path */
function writeMounts(folder: string, config: string): string {
  const names = ['postgres_start', 'connect', ...listServices(readCompose(checkout, {}))];
  const volumes = [`${config}:/app/config:ro`];
  const file = path.join(folder, 'mounts.json');
  writeFileSync(file, JSON.stringify({ services: Object.fromEntries(names.map((name) => [name, { volumes }])) }));
  return file;
}

/** Checks for secrets, except in the servers that replace the cloud, which must know them. */
async function checkSecrets(fleet: ComposeShop): Promise<void> {
  const ours = (await fleet.containers()).filter(({ service }) => !service.startsWith('cloud-'));
  const inspected = await docker(['inspect', ...ours.map(({ Name: name }) => name)]);
  const logs = await fleet.compose('logs', '--no-color', ...ours.map(({ service }) => service));
  assert.ok(logs.includes('debezium_source_conn'), 'the logs were read');
  for (const { secret } of [kafka, ksqldb]) {
    assert.ok(!inspected.includes(secret), 'docker inspect shows a secret');
    assert.ok(!logs.includes(secret), 'a log shows a secret');
  }
}
