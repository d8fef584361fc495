import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createKafka, readKafkaSettings, readKsqldbSettings } from '@shop/common';
import { checkShop } from '../fleet/check-shop.ts';
import { openShop } from '../fleet/open-shop.ts';
import { type RunningFleet, startFleet } from '../fleet/start-fleet.ts';
import { type Cloud, startCloud } from './start-cloud.ts';

test('the whole shop, as `npm start -- --cloud` runs it', async (t) => {
  const cloud = await startCloud(t);
  const env = { CONFIG_DIR: cloud.writeConfig({ style: 'librdkafka' }) };
  const fleet = await startFleet(t, { flags: ['--cloud'], env });
  const ports = { ...fleet.ports, kafka: cloud.plainPort };
  const shop = await openShop(t, ports, readKsqldbSettings(env));
  await checkShop(t, shop, fleet.pause);
  await t.test('the other pasted format gives access to the same topics', (inner) => checkTopics(inner, cloud));
  await t.test('every process ends cleanly, and no log contains a secret', async () => {
    await shop.close();
    const { code } = await fleet.stop();
    assert.equal(code, 0);
    checkLogs(fleet, cloud);
  });
});

/** Checks that the services created their topics themselves: the broker's auto-creation is off. */
async function checkTopics(t: TestContext, cloud: Cloud): Promise<void> {
  const settings = readKafkaSettings({ CONFIG_DIR: cloud.writeConfig({ style: 'java' }) });
  const admin = createKafka(settings).admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  const { topics } = await admin.fetchTopicMetadata({ topics: ['customer_orders', 'shipments', 'inventory_refills'] });
  for (const { name, partitions } of topics) assert.equal(partitions.length, 6, name);
}

function checkLogs({ data }: RunningFleet, { kafka, ksqldb }: Cloud): void {
  const folder = path.join(data, 'log');
  const logs = readdirSync(folder);
  assert.ok(logs.length >= 9);
  for (const name of logs) {
    const text = readFileSync(path.join(folder, name), 'utf8');
    for (const secret of [kafka.secret, ksqldb.secret]) assert.ok(!text.includes(secret), `${name} shows a secret`);
  }
}
