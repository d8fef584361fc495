import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTopics, SettingError } from '@shop/common';
import { makeTestFolder } from '@shop/test-support';
import { readScript, readStatements } from '../src/read-statements.ts';
import { requireTopics } from '../src/require-topics.ts';

const shipped = fileURLToPath(new URL('../statements', import.meta.url));

test('the shipped statements, in the order in which one needs the other', () => {
  const statements = readStatements(shipped);
  assert.deepEqual(
    statements.map(({ kind, name, sourceTopic }) => [kind, name, sourceTopic]),
    [
      ['TABLE', 'CUSTOMER_CHANGES', 'dummy.public.customers'],
      ['TABLE', 'CUSTOMERS', undefined],
      ['STREAM', 'REFILLS_BASE', 'inventory_refills'],
      ['TABLE', 'LATEST_INVENTORY', undefined],
      ['STREAM', 'ORDERS_BASE', 'customer_orders'],
      ['TABLE', 'TOTAL_ORDERS', undefined],
      ['TABLE', 'FINAL_INVENTORY', undefined],
    ],
  );
  assert.ok(statements.every(({ properties }) => properties['auto.offset.reset'] === 'earliest'));
  requireTopics(statements, readTopics({}));
});

test('SET holds for what follows in the same file', () => {
  const [first, second] = readScript(
    `CREATE STREAM IF NOT EXISTS a (x INT) WITH (KAFKA_TOPIC='t');
     set 'auto.offset.reset'='latest'; SET 'ksql.query.pull.max.allowed.offset.lag' = '5';
     CREATE STREAM IF NOT EXISTS b (x INT) WITH (KAFKA_TOPIC='t');`,
    'ksql/statements/x.ksql',
  );
  assert.deepEqual(first?.properties, { 'auto.offset.reset': 'earliest' });
  assert.deepEqual(second?.properties, {
    'auto.offset.reset': 'latest',
    'ksql.query.pull.max.allowed.offset.lag': '5',
  });
});

test('names are compared as ksqlDB lists them', () => {
  const names = readScript(
    `create table if not exists lower (x INT PRIMARY KEY) with (kafka_topic='t');
     CREATE SOURCE TABLE IF NOT EXISTS \`kept As\`\`Is\` (x INT PRIMARY KEY) WITH (KAFKA_TOPIC='t');
     CREATE STREAM IF NOT EXISTS "also""Kept"(x INT) WITH (KAFKA_TOPIC='it''s');`,
    'x',
  );
  assert.deepEqual(
    names.map(({ name }) => name),
    ['LOWER', 'kept As`Is', 'also"Kept'],
  );
  assert.equal(names[2]?.sourceTopic, "it's");
});

for (const [script, line] of [
  ['CREATE TABLE a (x INT PRIMARY KEY) WITH ();', 1],
  ['-- first\nCREATE OR REPLACE STREAM a AS SELECT * FROM b;', 2],
  ['\nINSERT INTO a SELECT * FROM b;', 2],
  ['DROP TABLE a;', 1],
  ["CREATE STREAM IF NOT EXISTS a (x INT) WITH (KAFKA_TOPIC='t", 1],
] as const)
  test(`refused, because files are applied repeatedly: ${JSON.stringify(script)}`, () => {
    assert.throws(
      () => readScript(script, 'ksql/statements/x.ksql'),
      (error) =>
        error instanceof SettingError &&
        error.problems[0]?.file === 'ksql/statements/x.ksql' &&
        error.problems[0]?.key === `line ${line}`,
    );
  });

test('two files that give one name are refused, and so is a folder without statements', (t) => {
  const dir = makeTestFolder(t);
  assert.throws(() => readStatements(dir), SettingError);
  const script = "CREATE STREAM IF NOT EXISTS a (x INT) WITH (KAFKA_TOPIC='t');";
  writeFileSync(path.join(dir, '1.ksql'), script);
  writeFileSync(path.join(dir, '2.ksql'), script.replace(' a ', ' A '));
  assert.throws(() => readStatements(dir), /2\.ksql: line 1: found "A again".*1\.ksql, line 1/);
});

test('a topic that the services use under another name is refused', () => {
  const topics = readTopics({ ORDERS_TOPIC: 'orders_of_mine' });
  assert.throws(
    () => requireTopics(readStatements(shipped), topics),
    /ORDERS_TOPIC: found "orders_of_mine".*customer_orders/,
  );
});
