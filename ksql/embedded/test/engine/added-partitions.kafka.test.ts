import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestKafka, unique, untilPasses } from '@shop/test-support';
import { rowsOf, runStatements, startServer } from '../helpers/start-server.ts';

const ids = Array.from({ length: 40 }, (_, id) => id);

test('a table shows one row per key when its topic gets partitions, also after a kill -9', async (t) => {
  const name = `P${unique()}`.toUpperCase();
  const kafka = await openTestKafka();
  t.after(() => kafka.close());
  await kafka.createTopic(name, 6);
  const put = (address: string) =>
    kafka.send(
      name,
      ids.map((id) => ({ key: String(id), value: JSON.stringify({ address }) })),
    );
  const first = await startServer(`test-${name}`);
  await first.ready();
  await runStatements(
    first.url,
    `CREATE TABLE ${name} (id BIGINT PRIMARY KEY, address VARCHAR) WITH (KAFKA_TOPIC='${name}', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');
     CREATE TABLE ${name}_t AS SELECT id, address FROM ${name};`,
  );
  const shows = async (url: string, address: string) => {
    await untilPasses('every row', async () => {
      const all = await rowsOf(url, `SELECT id, address FROM ${name}_t;`);
      assert.deepEqual(
        all.sort(([a], [b]) => Number(a) - Number(b)),
        ids.map((id) => [id, address]),
      );
    });
    for (const id of ids)
      assert.deepEqual(await rowsOf(url, `SELECT address FROM ${name}_t WHERE id = ${id};`), [[address]], `id ${id}`);
  };
  await put('old');
  await shows(first.url, 'old');
  await kafka.admin.createPartitions({ topicPartitions: [{ topic: name, count: 12 }] });
  await untilPasses('a record in a new partition', async () => {
    await put('new');
    const offsets = await kafka.admin.fetchTopicOffsets(name);
    assert.ok(offsets.some(({ partition, high }) => partition >= 6 && high !== '0'));
  });
  await put('newest');
  await shows(first.url, 'newest');
  await first.end('SIGKILL');
  const second = await startServer(`test-${name}`);
  t.after(() => second.end('SIGKILL'));
  await second.ready();
  await shows(second.url, 'newest');
  await put('last');
  await shows(second.url, 'last');
});
