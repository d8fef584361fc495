import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openTestKafka, type TestKafka, unique, untilPasses } from '@shop/test-support';
import { rowsOf, runStatements, startServer, type TestServer } from '../helpers/start-server.ts';

/** The same query in a form that is never cached, because it has a quote or a comment. */
const unprepared = (sql: string): string => `/* plainly */ ${sql}`;

describe('pull queries that were asked before with other keys', () => {
  const name = `P${unique()}`.toUpperCase();
  let kafka: TestKafka;
  let server: TestServer;
  before(async () => {
    kafka = await openTestKafka();
    server = await startServer(`test-${name}`);
    for (const topic of [`${name}_n`, `${name}_t`]) await kafka.createTopic(topic, 3);
    await kafka.send(
      `${name}_n`,
      Array.from({ length: 50 }, (_, id) => ({ key: String(id), value: JSON.stringify({ name: `n${id}`, size: id }) })),
    );
    await kafka.send(
      `${name}_t`,
      ['plain', "it's", 'a,b', '', ');'].map((key) => ({ key: JSON.stringify(key), value: '{"name":"x"}' })),
    );
    await server.ready();
    await runStatements(
      server.url,
      `CREATE SOURCE TABLE ${name}_n (id INT PRIMARY KEY, name VARCHAR, \`size\` BIGINT) WITH (KAFKA_TOPIC='${name}_n', FORMAT='JSON');
       CREATE SOURCE TABLE ${name}_t (id VARCHAR PRIMARY KEY, name VARCHAR) WITH (KAFKA_TOPIC='${name}_t', FORMAT='JSON');`,
    );
    await untilPasses('the rows of both tables', async () => {
      assert.equal((await rowsOf(server.url, `SELECT * FROM ${name}_n;`)).length, 50);
      assert.equal((await rowsOf(server.url, `SELECT * FROM ${name}_t;`)).length, 5);
    });
  });
  after(async () => {
    await server.end('SIGTERM');
    await kafka.close();
  });

  const same = async (sql: string): Promise<unknown[][]> => {
    const rows = await rowsOf(server.url, sql);
    assert.deepEqual(rows, await rowsOf(server.url, unprepared(sql)), sql);
    return rows;
  };

  it('find the same rows as when they are parsed again', async () => {
    for (const keys of ['1', '2, 3', '4,4, 99', '-1', '0049', '1)', '1, 2)']) {
      const list = keys.replace(')', '');
      await same(`SELECT * FROM ${name}_n WHERE id IN (${list});`);
      await same(`SELECT id, name + 'x' AS n, ROWTIME > 0 AS r FROM ${name}_n WHERE id IN (${list}) ;`);
    }
    assert.deepEqual(await same(`SELECT name FROM ${name}_n WHERE id = 7;`), [['n7']]);
    assert.deepEqual(await same(`select name from ${name}_n where ID=8  ;`), [['n8']]);
    assert.deepEqual(await same(`select name from ${name}_n where ID=9;`), [['n9']]);
    assert.deepEqual(await same(`SELECT name FROM ${name}_n WHERE id = 8 LIMIT 0;`), []);
    assert.deepEqual(await same(`SELECT name FROM ${name}_n WHERE id = 8 AND name = 'n9';`), []);
    for (const key of ['plain', "it''s", 'a,b', '', ');', 'none'])
      await same(`SELECT id FROM ${name}_t WHERE id = '${key}';`);
    assert.deepEqual(
      await same(`SELECT id FROM ${name}_t WHERE id IN ('it''s', ');', 'a,b');`).then((r) => r.length),
      3,
    );
  });

  it('are refused as before when the key is invalid', async () => {
    await rowsOf(server.url, `SELECT * FROM ${name}_n WHERE id = 1;`);
    for (const key of ["'1'", '1.5', '99999999999', 'NULL', '1', '']) {
      const ask = async (sql: string) =>
        fetch(`${server.url}/query-stream`, { method: 'POST', body: JSON.stringify({ sql }) }).then((a) => a.status);
      const sql = `SELECT * FROM ${name}_n WHERE id = ${key};`;
      assert.equal(await ask(sql), await ask(unprepared(sql)), sql);
      assert.equal(await ask(sql.replace(';', '')), 400);
    }
  });

  it('notice that the table was replaced', async () => {
    const sql = `SELECT * FROM ${name}_n WHERE id = 5;`;
    assert.deepEqual(await same(sql), [[5, 'n5', 5]]);
    await runStatements(server.url, `DROP TABLE ${name}_n;`);
    await assert.rejects(rowsOf(server.url, sql), /does not exist/);
    await runStatements(
      server.url,
      `CREATE SOURCE TABLE ${name}_n (id INT PRIMARY KEY, \`size\` BIGINT) WITH (KAFKA_TOPIC='${name}_n', FORMAT='JSON');`,
    );
    await untilPasses('the new row', async () => assert.deepEqual(await same(sql), [[5, 5]]));
  });
});
