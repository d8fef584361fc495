import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { untilPasses } from '@shop/test-support';
import { openTestKafka } from '../helpers/broker.ts';
import { rowsOf, runStatements, startServer } from '../helpers/server.ts';

const BROKER = fileURLToPath(new URL('../../../../local/src/broker.ts', import.meta.url));

/** A broker of its own, which can be stopped and started again without harm to other tests. */
async function startBroker(folder: string, port = '') {
  const args = ['--import', 'tsx', BROKER, folder, ...(port === '' ? [] : [port])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [address] = await once(createInterface(child.stdout), 'line');
  return {
    address: String(address),
    async stop(): Promise<void> {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

it('goes on counting when Kafka was away for a while', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ksqldb-broker-'));
  let broker = await startBroker(folder);
  process.env['TEST_KAFKA'] = broker.address;
  const kafka = await openTestKafka();
  const server = await startServer('restart');
  try {
    await kafka.createTopic('orders', 3);
    await server.ready();
    await runStatements(
      server.url,
      `CREATE STREAM orders (id VARCHAR KEY, product VARCHAR) WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='JSON');
       CREATE TABLE sold AS SELECT product, COUNT(*) AS n FROM orders GROUP BY product;`,
    );
    let sent = 0;
    const send = async (): Promise<void> => {
      await kafka.send('orders', [{ key: String(sent), value: '{"product":"toy"}' }]);
      sent++;
    };
    const counted = (): Promise<void> =>
      untilPasses('every record counted', async () =>
        assert.deepEqual(await rowsOf(server.url, 'SELECT * FROM sold;'), [['toy', sent]]),
      );
    for (let i = 0; i < 20; i++) await send();
    await counted();
    for (let round = 0; round < 2; round++) {
      await send();
      await broker.stop();
      // What is committed can be asked for without Kafka.
      assert.equal((await rowsOf(server.url, "SELECT * FROM sold WHERE product = 'toy';")).length, 1);
      broker = await startBroker(folder, broker.address.split(':')[1]);
      await untilPasses('an accepted record', send);
      await counted();
    }
  } finally {
    await server.end('SIGKILL');
    await kafka.close();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
