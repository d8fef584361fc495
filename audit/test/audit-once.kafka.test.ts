import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { readTopics, type TopicRecord } from '@shop/common';
import { nameTopics } from '@shop/test-support';
import { auditOnce } from '../src/audit-once.ts';
import { openAuditContext, toMessage, topicVariables } from './support/audit-context.ts';
import { deadLetterRecord, orderRecord, shipmentOf, shipmentRecord } from './support/records.ts';

async function audit(t: TestContext, env: Record<string, string>) {
  const { context, close } = openAuditContext(t, env);
  const results = await auditOnce({ quiet: true, patienceMs: 0 }, context);
  await close();
  return Object.fromEntries(results.map((result) => [result.check, result]));
}

test('reads real topics that contain transaction markers and aborted messages', async (t) => {
  const { kafka, env } = nameTopics(t, ...topicVariables);
  const topics = readTopics({ ...env, TOPIC_PARTITIONS: '1' });
  const admin = kafka.admin();
  await admin.connect();
  const used = [
    topics.customers,
    topics.orders,
    topics.refills,
    topics.shipments,
    topics.ordersWaiting,
    topics.deadLetters,
  ];
  await admin.createTopics({ topics: used.map(({ topic }) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
  await admin.disconnect();

  const producer = kafka.producer({
    transactionalId: `${topics.orders.topic}-id`,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  t.after(() => producer.disconnect());
  async function write(topic: string, records: TopicRecord[], commit = true) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: records.map(toMessage) });
    await (commit ? transaction.commit() : transaction.abort());
  }
  const at = (offset: number) => ({ partition: 0, offset });
  const spot = { offset: 0 };
  // Offsets 0 and 1, a marker, 3 aborted, a marker, 5.
  await write(topics.orders.topic, [orderRecord({ ...spot, orderId: 'a' }), orderRecord({ ...spot, orderId: 'b' })]);
  await write(topics.orders.topic, [orderRecord({ ...spot, orderId: 'aborted' })], false);
  await write(topics.orders.topic, [orderRecord({ ...spot, orderId: 'b', at: 1_000 })]);
  await write(topics.shipments.topic, [shipmentRecord(spot, shipmentOf('a', at(0)))]);
  await write(topics.shipments.topic, [shipmentRecord(spot, shipmentOf('a', at(0)))], false);
  await write(topics.shipments.topic, [shipmentRecord(spot, shipmentOf('b', at(1)))]);
  await write(topics.deadLetters.topic, [deadLetterRecord(spot, at(5), 'duplicate_order', topics.orders.topic)]);

  const right = await audit(t, env);
  for (const [check, cases] of [
    ['P1', 3],
    ['P2', 2],
  ] as const)
    assert.deepEqual({ state: right[check]?.state, cases: right[check]?.cases }, { state: 'ok', cases }, check);
  for (const check of ['P3', 'P5', 'P6', 'P8']) assert.equal(right[check]?.state, 'unchecked', check);

  await write(topics.shipments.topic, [shipmentRecord(spot, shipmentOf('b', at(1), { address: 'Far Away 2' }))]);
  await write(topics.orders.topic, [orderRecord({ ...spot, orderId: 'c' })]);
  const wrong = await audit(t, env);
  assert.deepEqual(wrong['P1']?.first, [
    { problem: 'no_outcome', order_id: 'c', topic: topics.orders.topic, partition: 0, offset: 7 },
  ]);
  assert.deepEqual(
    wrong['P2']?.first.map(({ problem }) => problem),
    ['shipped_twice'],
  );
});
