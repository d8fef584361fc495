import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeTestFolder, openTestKafka, startBroker, untilPasses } from '@shop/test-support';
import { rowsOf, runStatements, startServer } from '../helpers/start-server.ts';

it('waits for a transaction coordinator that is not available yet', async (t) => {
  const folder = makeTestFolder(t);
  // One broker cannot have three replicas, so Kafka does not create the coordinator's topic.
  const environment = { KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '3' };
  const broker = await startBroker({ folder, environment });
  const before = process.env['TEST_KAFKA'];
  process.env['TEST_KAFKA'] = `127.0.0.1:${broker.port}`;
  const kafka = await openTestKafka();
  const server = await startServer('early');
  try {
    await untilPasses('the report that it waits for the coordinator', async () =>
      assert.match(server.log(), /group coordinator.*waiting for a dependency/),
    );
    assert.equal((await fetch(`${server.url}/info`)).status, 503);
    await kafka.createTopic('__transaction_state', 6, { 'cleanup.policy': 'compact' });
    await server.ready();
    await kafka.createTopic('orders', 1);
    await runStatements(
      server.url,
      `CREATE STREAM orders (id VARCHAR KEY, product VARCHAR) WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='JSON');
       CREATE TABLE sold AS SELECT product, COUNT(*) AS n FROM orders GROUP BY product;`,
    );
    await kafka.send('orders', [{ key: '1', value: '{"product":"toy"}' }]);
    await untilPasses('the row', async () =>
      assert.deepEqual(await rowsOf(server.url, 'SELECT * FROM sold;'), [['toy', 1]]),
    );
  } finally {
    await server.end('SIGKILL');
    await kafka.close();
    await broker.stop();
    if (before === undefined) delete process.env['TEST_KAFKA'];
    else process.env['TEST_KAFKA'] = before;
  }
});
