import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKafkaSettings } from '@shop/common';
import { createTopics, nameTopics, openServiceContext } from '@shop/test-support';
import { createSnapshotWatch } from '../src/repair/snapshot-watch.ts';
import { createEndsQuery } from '../src/source/ends-query.ts';
import type { Marks } from '../src/source/source-watch.ts';

test('finds each snapshot that Debezium has started once, but not the first one, also after a restart', async (t) => {
  const { kafka, env } = nameTopics(t, 'CUSTOMERS_TOPIC');
  const topic = env['CUSTOMERS_TOPIC'] ?? '';
  const admin = kafka.admin();
  await admin.connect();
  await createTopics(admin, [topic], 1);
  const producer = kafka.producer();
  await producer.connect();
  const { context } = openServiceContext(t, 'connector', env);
  t.after(() => Promise.all([admin.disconnect(), producer.disconnect()]));
  const kept = new Map<string, Marks>();
  const marks = {
    read: (name: string) => kept.get(name),
    write: async (name: string, seen: Marks) => void kept.set(name, seen),
  };
  const readEnds = createEndsQuery(admin, readKafkaSettings({ ...env, KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' }));
  const find = () => createSnapshotWatch({ kafka, readEnds, marks }, context).findNew('a', topic);
  const tell = (id: string, type: string) =>
    producer.send({ topic, messages: [{ value: JSON.stringify({ id, aggregate_type: 'Initial Snapshot', type }) }] });

  await tell('1', 'STARTED');
  assert.equal(await find(), undefined);
  await tell('2', 'COMPLETED');
  assert.equal(await find(), undefined);
  await tell('3', 'STARTED');
  assert.ok(await find());
  const answered = await find();
  assert.ok(answered, 'until it is answered');
  await answered();
  assert.equal(await find(), undefined);
  await tell('4', 'COMPLETED');
  assert.equal(await find(), undefined);
});
