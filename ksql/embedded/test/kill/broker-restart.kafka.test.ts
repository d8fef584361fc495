import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeTestFolder, openTestKafka, startBroker, untilPasses } from '@shop/test-support';
import { rowsOf, runStatements, startServer } from '../helpers/start-server.ts';

it('keeps counting after Kafka was unavailable for a while', async (t) => {
  const folder = makeTestFolder(t);
  let broker = await startBroker({ folder });
  process.env['TEST_KAFKA'] = `127.0.0.1:${broker.port}`;
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
      // Pull queries on committed rows work without Kafka.
      assert.equal((await rowsOf(server.url, "SELECT * FROM sold WHERE product = 'toy';")).length, 1);
      broker = await startBroker({ folder, port: broker.port });
      await untilPasses('an accepted record', send);
      await counted();
    }
  } finally {
    await server.end('SIGKILL');
    await kafka.close();
    await broker.stop();
  }
});
