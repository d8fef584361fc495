import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTopics, SettingError } from '@shop/common';
import { makeTestFolder } from '@shop/test-support';
import { deriveTopics, requireCustomersTopic } from '../src/connector-topics.ts';
import { readConnectors } from '../src/read-connectors.ts';

const shipped = fileURLToPath(new URL('../debezium_source_conn', import.meta.url));

test('the shipped connector writes the customers topic and its heartbeats, and holds no password', () => {
  const definitions = readConnectors(shipped);
  const topics = readTopics({});
  requireCustomersTopic(definitions, topics);
  assert.deepEqual(
    definitions.flatMap((definition) => deriveTopics(definition, topics.customers)).map(({ topic }) => topic),
    ['dummy.public.customers', '__debezium-heartbeat.dummy', 'connector_notifications'],
  );
  assert.match(definitions[0]?.config['database.password'] ?? '', /^\$\{env:\w+\}$/);
});

test('both forms that Connect knows are read, and values become texts', (t) => {
  const config = { 'connector.class': 'C', 'tasks.max': 1, flag: true };
  const dir = makeTestFolder(t, {
    'a.json': JSON.stringify({ name: 'one', config }),
    'b.json': JSON.stringify(config),
    'c.json': JSON.stringify({ ...config, name: 'three' }),
    'notes.txt': 'not JSON',
  });
  assert.deepEqual(
    readConnectors(dir).map(({ name }) => name),
    ['one', 'b', 'three'],
  );
  assert.deepEqual(readConnectors(dir)[1]?.config, {
    'connector.class': 'C',
    'tasks.max': '1',
    flag: 'true',
    name: 'b',
  });
});

for (const [what, files] of [
  ['no file', {}],
  ['broken JSON, whose text is not shown', { 'a.json': '{"database.password": "hunter2", }' }],
  ['no class', { 'a.json': '{"name":"a","config":{"tasks.max":"1"}}' }],
  ['a misspelt field', { 'a.json': '{"nmae":"a","config":{"connector.class":"C"}}' }],
  ['a list', { 'a.json': '[]' }],
  [
    'one name twice',
    { 'a.json': '{"name":"b","config":{"connector.class":"C"}}', 'b.json': '{"connector.class":"C"}' },
  ],
] as const)
  test(`refused: ${what}`, (t) => {
    assert.throws(
      () => readConnectors(makeTestFolder(t, files)),
      (error) => error instanceof SettingError && !error.message.includes('hunter2'),
    );
  });

test('a customers topic that no connector writes is refused', () => {
  assert.throws(
    () => requireCustomersTopic(readConnectors(shipped), readTopics({ CUSTOMERS_TOPIC: 'shop.public.customers' })),
    /CUSTOMERS_TOPIC: found "shop\.public\.customers".*dummy\.public\.customers/,
  );
});

test('topics of patterns are not guessed, and no heartbeat means no topic for it', () => {
  const { customers } = readTopics({});
  const derive = (config: Record<string, string>) =>
    deriveTopics({ file: 'f', name: 'n', config }, customers).map(({ topic }) => topic);
  assert.deepEqual(derive({ 'topic.prefix': 'p', 'table.include.list': 'public\\.a, public.b,public\\..*' }), [
    'p.public.a',
    'p.public.b',
  ]);
  assert.deepEqual(derive({ 'topic.prefix': 'p', 'heartbeat.interval.ms': '0' }), []);
  assert.deepEqual(derive({ 'topic.prefix': 'p', 'heartbeat.interval.ms': '5', 'topic.heartbeat.prefix': 'beat' }), [
    'beat.p',
  ]);
  assert.deepEqual(derive({ 'connector.class': 'FileStreamSink' }), []);
});
