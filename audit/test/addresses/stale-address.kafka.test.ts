import assert from 'node:assert/strict';
import test from 'node:test';
import { createIdempotentProducer, readTopics, type Shipment, type TopicRecord } from '@shop/common';
import { createShopDatabase, nameTopics, until } from '@shop/test-support';
import { openAudit } from '../../src/open-audit.ts';
import { readAuditSettings } from '../../src/settings.ts';
import { openAuditContext, toMessage, topicVariables } from '../support/audit-context.ts';
import { orderRecord, shipmentOf, shipmentRecord, tableRecord } from '../support/records.ts';

test('ksqlDB may be minutes behind Postgres, but not behind its own published rows', async (t) => {
  const { kafka, env } = nameTopics(t, ...topicVariables);
  const { superuser, env: database } = await createShopDatabase(t);
  const { context } = openAuditContext(t, { ...env, ...database });
  const topics = readTopics({ ...env, TOPIC_PARTITIONS: '1' });
  const settings = readAuditSettings(env);
  const table = settings.CUSTOMERS_TABLE_TOPIC;
  const { orders, customers, shipments, refills, ordersWaiting, deadLetters } = topics;
  const admin = kafka.admin();
  await admin.connect();
  const create = (...names: string[]) =>
    admin.createTopics({ topics: names.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
  await create(...[orders, customers, shipments, refills, ordersWaiting, deadLetters].map(({ topic }) => topic));
  const producer = createIdempotentProducer(kafka);
  await producer.connect();
  t.after(() => Promise.all([producer.disconnect(), admin.disconnect()]));
  const write = (topic: string, record: TopicRecord) => producer.send({ topic, messages: [toMessage(record)] });

  const audit = await openAudit({ kafka, topics, settings }, context);
  const readP3 = async () => {
    await audit.round();
    return audit.results().find(({ check }) => check === 'P3');
  };
  let shipped = 0;
  /** Places and ships an order of customer 1, some time after the customer's last move. */
  async function ship(address: string): Promise<void> {
    const order = { offset: shipped, orderId: `o${shipped}` };
    const lookedUp: Partial<Shipment> = { looked_up_at: new Date(Date.now() + 600_000).toISOString(), address };
    await write(orders.topic, orderRecord(order));
    const shipment = shipmentOf(order.orderId, { partition: 0, offset: shipped }, lookedUp);
    await write(shipments.topic, shipmentRecord({ offset: shipped }, shipment));
    shipped += 1;
  }
  const isChecked = async () => {
    const result = await readP3();
    return result?.cases === shipped ? result : undefined;
  };

  await superuser.query(
    "INSERT INTO customers (first_name, last_name, zipcode, country, address) VALUES ('Ada', 'Lovelace', '1', 'UK', 'Old Road 1')",
  );
  await superuser.query("UPDATE customers SET address = 'New Road 2'");
  await audit.round();
  // As on a first start, the topic is created while the audit runs.
  await create(table);
  await write(table, tableRecord({ offset: 0 }, 1, 'Old Road 1'));
  await ship('Old Road 1');
  const behind = await until('a result', isChecked);
  assert.deepEqual([behind.state, behind.violations, behind.service_level?.met], ['ok', 0, false]);

  await write(table, tableRecord({ offset: 1 }, 1, 'New Road 2'));
  await ship('New Road 2');
  assert.equal((await until('a result', isChecked)).state, 'ok');
  const stale = await until('a violation after the checkpoint', async () => {
    await ship('Old Road 1');
    const result = await until('a result', isChecked);
    return result.state === 'violated' ? result : undefined;
  });
  assert.deepEqual(
    [stale.first[0]?.problem, stale.first[0]?.customer_id, stale.first[0]?.detail],
    ['stale_address', 1, 'ksqlDB had published a newer row before the look-up'],
  );
});
