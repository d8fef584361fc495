import assert from 'node:assert/strict';
import test from 'node:test';
import { readAddresses } from '../../src/command/read-addresses.ts';

test('gives the ports of .env, moved', () => {
  const env = readAddresses({ portOffset: 21_000, cloud: false }, {});
  assert.equal(env['KAFKA_BOOTSTRAP_SERVERS'], '127.0.0.1:30092');
  assert.equal(env['WEBSOCKET_URL'], 'http://127.0.0.1:29080');
  assert.equal(env['POSTGRES_PORT'], '26432');
});

test('what is set already wins, and --cloud leaves Kafka to config/*.config', () => {
  const env = readAddresses({ portOffset: 0, cloud: false }, { KAFKA_BOOTSTRAP_SERVERS: 'elsewhere:1' });
  assert.equal(env['KAFKA_BOOTSTRAP_SERVERS'], 'elsewhere:1');
  assert.equal(readAddresses({ portOffset: 0, cloud: true }, {})['KAFKA_BOOTSTRAP_SERVERS'], undefined);
});

test('refuses an offset that no port can have', () => {
  assert.throws(() => readAddresses({ portOffset: 60_000, cloud: false }, {}), /\.env: .*65535/);
});
