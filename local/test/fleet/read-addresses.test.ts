import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { readKsqldbSettings } from '@shop/common';
import { noteAddresses } from '../../src/fleet/note-addresses.ts';
import { readAddresses } from '../../src/fleet/read-addresses.ts';

test('adds the offset to the ports of .env', () => {
  const env = readAddresses({ portOffset: 21_000, cloud: false }, {});
  assert.equal(env['KAFKA_BOOTSTRAP_SERVERS'], '127.0.0.1:30092');
  assert.equal(env['WEBSOCKET_URL'], 'http://127.0.0.1:29080');
  assert.equal(env['POSTGRES_PORT'], '26432');
});

test('variables that are set take precedence, and --cloud leaves Kafka to config/*.config', () => {
  const env = readAddresses({ portOffset: 0, cloud: false }, { KAFKA_BOOTSTRAP_SERVERS: 'elsewhere:1' });
  assert.equal(env['KAFKA_BOOTSTRAP_SERVERS'], 'elsewhere:1');
  assert.equal(readAddresses({ portOffset: 0, cloud: true }, {})['KAFKA_BOOTSTRAP_SERVERS'], undefined);
});

test('finds the ksqlDB of npm start, only for the same Kafka, and reports the source', (t) => {
  const shop = mkdtempSync(path.join(tmpdir(), 'shop-'));
  t.after(() => rmSync(shop, { recursive: true }));
  const read = (portOffset: number, env = {}) => {
    const found = readAddresses({ portOffset, cloud: false }, { SHOP_DATA: shop, ...env });
    const { endpoint, source } = readKsqldbSettings(found);
    return [endpoint, source.endpoint];
  };
  assert.deepEqual(read(7), [
    'http://127.0.0.1:8095',
    '.env: KSQLDB_LOCAL_PORT, --port-offset 7; set KSQLDB_ENDPOINT for another one',
  ]);
  noteAddresses(
    { shop },
    { environment: { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9099', KSQLDB_ENDPOINT: 'http://127.0.0.1:8188' } },
  );
  const file = path.join(shop, 'addresses.json');
  assert.deepEqual(read(7), ['http://127.0.0.1:8188', `${file}, written by npm start`]);
  assert.equal(read(8)[0], 'http://127.0.0.1:8096');
  assert.deepEqual(read(7, { KSQLDB_ENDPOINT: 'http://elsewhere:1' }), [
    'http://elsewhere:1',
    'environment: KSQLDB_ENDPOINT',
  ]);
});

test('rejects an offset beyond the highest port', () => {
  assert.throws(() => readAddresses({ portOffset: 60_000, cloud: false }, {}), /\.env: .*65535/);
});
