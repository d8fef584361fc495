import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openTestKafka, type TestKafka, unique, untilPasses } from '@shop/test-support';
import { rowsOf, runStatements, startServer, type TestServer } from '../helpers/start-server.ts';

describe('running queries', () => {
  const p = `U${unique()}`.toUpperCase();
  let kafka: TestKafka;
  let server: TestServer;
  const eventually = (sql: string, rows: unknown[][]) =>
    untilPasses('the rows', async () => assert.deepEqual((await rowsOf(server.url, sql)).sort(), rows));
  const put = (topic: string, key: string, value: object) =>
    kafka.send(`${p}_${topic}`, [{ key, value: JSON.stringify(value) }]);

  before(async () => {
    kafka = await openTestKafka();
    server = await startServer(`test-${p}`);
    for (const topic of ['a', 'b', 'c', 's', 'lost', 'recreated']) await kafka.createTopic(`${p}_${topic}`, 2);
    await server.ready();
    await runStatements(
      server.url,
      `${['a', 'b', 'c', 'lost', 'recreated']
        .map(
          (name) =>
            `CREATE TABLE ${p}_${name} (id VARCHAR PRIMARY KEY, v INT) WITH (KAFKA_TOPIC='${p}_${name}', VALUE_FORMAT='JSON');`,
        )
        .join('\n')}CREATE STREAM ${p}_s (id VARCHAR KEY, n INT) WITH (KAFKA_TOPIC='${p}_s', VALUE_FORMAT='JSON');`,
    );
  });
  after(async () => {
    await server.end('SIGTERM');
    await kafka.close();
  });

  it('join three tables whose rows arrive in any order', async () => {
    await runStatements(
      server.url,
      `CREATE TABLE ${p}_abc AS SELECT a.id AS id, a.v AS a, b.v AS b, c.v AS c FROM ${p}_a a JOIN ${p}_b b ON a.id = b.id LEFT JOIN ${p}_c c ON a.id = c.id;`,
    );
    await put('c', 'x', { v: 3 });
    await put('b', 'x', { v: 2 });
    await put('a', 'x', { v: 1 });
    await put('a', 'y', { v: 1 });
    await put('b', 'y', { v: 5 });
    const all = `SELECT id, a, b, c FROM ${p}_abc;`;
    await eventually(all, [
      ['x', 1, 2, 3],
      ['y', 1, 5, null],
    ]);
    await kafka.send(`${p}_b`, [{ key: 'x', value: null }]);
    await put('c', 'y', { v: 7 });
    await eventually(all, [['y', 1, 5, 7]]);
  });

  it('read a joined table to its end before the stream', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ key: `k${i}`, value: JSON.stringify({ v: i }) }));
    for (let from = 0; from < many.length; from += 5_000) await kafka.send(`${p}_a`, many.slice(from, from + 5_000));
    await kafka.send(`${p}_s`, [{ key: 'k29999', value: '{"n":1}' }]);
    await runStatements(
      server.url,
      `CREATE STREAM ${p}_sa AS SELECT s.id AS id, s.n AS n, a.v AS v FROM ${p}_s s LEFT JOIN ${p}_a a ON s.id = a.id;
       CREATE TABLE ${p}_seen AS SELECT id, LATEST_BY_OFFSET(v) AS v, COUNT(*) AS n FROM ${p}_sa GROUP BY id;`,
    );
    await eventually(`SELECT * FROM ${p}_seen;`, [['k29999', 29_999, 1]]);
    const sql = `SELECT s.n, a.v FROM ${p}_s s JOIN ${p}_a a ON s.id = a.id EMIT CHANGES LIMIT 1;`;
    const properties = { 'auto.offset.reset': 'earliest' };
    const answer = await fetch(`${server.url}/query-stream`, {
      method: 'POST',
      body: JSON.stringify({ sql, properties }),
      signal: AbortSignal.timeout(600_000),
    });
    assert.match(await answer.text(), /\n\[1,29999\]/);
  });

  it('stop while they are paused, and continue where they stopped', async () => {
    await runStatements(server.url, `CREATE TABLE ${p}_p AS SELECT * FROM ${p}_b;`);
    await eventually(`SELECT id, v FROM ${p}_p;`, [['y', 5]]);
    await runStatements(server.url, 'PAUSE ALL;');
    await put('b', 'y', { v: 6 });
    await put('b', 'z', { v: 8 });
    await runStatements(server.url, `CREATE TABLE ${p}_q AS SELECT * FROM ${p}_b;`);
    await eventually(`SELECT id, v FROM ${p}_q;`, [
      ['y', 6],
      ['z', 8],
    ]);
    assert.deepEqual(await rowsOf(server.url, `SELECT id, v FROM ${p}_p;`), [['y', 5]]);
    await runStatements(server.url, 'RESUME ALL;');
    await eventually(`SELECT id, v FROM ${p}_p;`, [
      ['y', 6],
      ['z', 8],
    ]);
  });

  it('keep their rows when OR REPLACE gives them another filter and one more column', async () => {
    await runStatements(server.url, `CREATE TABLE ${p}_r AS SELECT id, v FROM ${p}_c;`);
    await eventually(`SELECT * FROM ${p}_r;`, [
      ['x', 3],
      ['y', 7],
    ]);
    await runStatements(
      server.url,
      `CREATE OR REPLACE TABLE ${p}_r AS SELECT id, v, v * 2 AS twice FROM ${p}_c WHERE v > 10;`,
    );
    await put('c', 'w', { v: 11 });
    await put('c', 'u', { v: 1 });
    await eventually(`SELECT * FROM ${p}_r WHERE id IN ('w', 'x');`, [
      ['w', 11, 22],
      ['x', 3, null],
    ]);
    assert.deepEqual(await rowsOf(server.url, `SELECT * FROM ${p}_r WHERE id = 'u';`), []);
  });

  it('commit offsets to a consumer group, which is deleted with the query', async () => {
    const { kafka: client, admin } = kafka;
    await runStatements(server.url, `CREATE TABLE ${p}_lagging AS SELECT * FROM ${p}_b;`);
    const groupsOf = async () =>
      (await admin.listGroups()).groups
        .map(({ groupId }) => groupId)
        .filter((id) => id.startsWith(`_confluent-ksql-test-${p}query_CTAS_${p}_LAGGING_`));
    const lag = async (groupId: string) => {
      const [read] = await admin.fetchOffsets({ groupId, topics: [`${p}_b`] });
      const ends = await admin.fetchTopicOffsets(`${p}_b`);
      return ends.map(({ partition, high }) => {
        const offset = read?.partitions.find((each) => each.partition === partition)?.offset ?? '0';
        return Number(high) - Math.max(0, Number(offset));
      });
    };
    const groupId = await untilPasses('a group that has read everything', async () => {
      const [found] = await groupsOf();
      assert.ok(found);
      assert.deepEqual(await lag(found), [0, 0]);
      return found;
    });
    // Two markers after the last record of an aborted transaction, which no reader sees.
    const producer = client.producer({ transactionalId: `${p}-aborts`, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({
      topic: `${p}_b`,
      messages: [0, 1].map((partition) => ({ key: 'no', value: '1', partition })),
    });
    await transaction.abort();
    await producer.disconnect();
    await untilPasses('a group that has read everything', async () => assert.deepEqual(await lag(groupId), [0, 0]));
    await runStatements(server.url, `DROP TABLE ${p}_lagging;`);
    await untilPasses('the end of the group', async () => assert.deepEqual(await groupsOf(), []));
  });

  it('stop when their output topic is deleted, while other queries continue', async () => {
    await runStatements(server.url, `CREATE TABLE ${p}_gone AS SELECT * FROM ${p}_lost;`);
    await put('lost', 'x', { v: 1 });
    await eventually(`SELECT * FROM ${p}_gone;`, [['x', 1]]);
    await kafka.admin.deleteTopics({ topics: [`${p}_GONE`] });
    await put('lost', 'x', { v: 2 });
    await untilPasses('a stopped query', async () => assert.match(server.log(), /query failed, stopping it/));
    await put('b', 'still', { v: 1 });
    await eventually(`SELECT v FROM ${p}_q WHERE id = 'still';`, [[1]]);
  });

  it('keep their results when their input topic is recreated, and read the new one from its beginning', async () => {
    await runStatements(server.url, `CREATE TABLE ${p}_n AS SELECT * FROM ${p}_recreated;`);
    for (const v of [1, 2, 3]) await put('recreated', 'x', { v });
    await put('recreated', 'y', { v: 1 });
    await eventually(`SELECT * FROM ${p}_n;`, [
      ['x', 3],
      ['y', 1],
    ]);
    await kafka.admin.deleteTopics({ topics: [`${p}_recreated`] });
    await untilPasses('the topic recreated', () => kafka.createTopic(`${p}_recreated`, 2));
    // Retry until the producer knows the new topic; the failed attempts store nothing.
    await untilPasses('an accepted record', () => put('recreated', 'x', { v: 4 }));
    await eventually(`SELECT * FROM ${p}_n;`, [
      ['x', 4],
      ['y', 1],
    ]);
    assert.match(server.log(), /the topic was recreated/);
  });

  it('end with one clear line when a second server uses their service id', async () => {
    const second = await startServer(`test-${p}`);
    await second.ready();
    await put('b', 'still', { v: 2 });
    await untilPasses('the report that another server took over', async () =>
      assert.match(server.log(), /another embedded ksqlDB took over the service id/),
    );
    await untilPasses('the row of the second server', async () => {
      const [row] = await rowsOf(second.url, `SELECT v FROM ${p}_q WHERE id = 'still';`);
      assert.deepEqual(row, [2]);
    });
    await second.end('SIGTERM');
  });
});
