import { type AuditResult, type Order, partitionOf, readTopics, type Shipment } from '@shop/common';
import {
  createShopDatabase,
  createTopics,
  fillCustomers,
  followTopic,
  nameTopics,
  openTestKafka,
  type Scope,
  testKafka,
  until,
} from '@shop/test-support';
import type { Answers, Figure, Round } from '../figure.ts';
import { orderMessage } from '../shop/orders-topic.ts';
import { startCompiled, startContestant } from '../shop/start-compiled.ts';
import { fillWhileStopped } from '../shop/stopped-process.ts';

type Database = Awaited<ReturnType<typeof createShopDatabase>>;

export const auditFigure: Figure = {
  name: 'audit',
  what: 'orders and shipments that the audit reads and checks',
  unit: 'messages/s',
  higherIsBetter: true,
  servers: ['kafka', 'postgres'],
  async open(context) {
    const customers = context.quick ? 500 : 20_000;
    const orders = context.quick ? 3_000 : 60_000;
    const database = await createShopDatabase(context);
    await fillCustomers(database.superuser, customers);
    return [
      {
        label: `${(2 * orders).toLocaleString('en')} messages`,
        targets: [{ against: 'ceiling', limit: 0.5 }],
        contestants: [
          { role: 'ours', what: 'audit', run: (scope) => runAudit(scope, database, { orders, customers }) },
          {
            role: 'ceiling',
            what: 'kafkajs, eachBatch and JSON.parse',
            run: (scope) => runParser(scope, { orders, customers }),
          },
        ],
      },
    ];
  },
};

interface Sizes {
  orders: number;
  customers: number;
}

async function runAudit(scope: Scope, database: Database, sizes: Sizes): Promise<Round> {
  const { kafka, env } = nameTopics(
    scope,
    ...['CUSTOMERS_TOPIC', 'REFILLS_TOPIC', 'ORDERS_WAITING_TOPIC', 'DEAD_LETTERS_TOPIC', 'SERVICE_STATUS_TOPIC'],
    ...['ORDERS_TOPIC', 'SHIPMENTS_TOPIC', 'AUDIT_RESULTS_TOPIC', 'CUSTOMERS_TABLE_TOPIC', 'SHIPPING_GROUP'],
  );
  const nowhere = 'http://127.0.0.1:1';
  const audit = startCompiled(scope, 'audit', {
    ...database.env,
    ...env,
    KSQLDB_ENDPOINT: nowhere,
    WEBSOCKET_URL: nowhere,
    AUDIT_INTERVAL_MS: '100',
  });
  await audit.said('ready');
  const { messages } = await followTopic(scope, kafka, readTopics(env).auditResults.topic);
  const readLast = (check: string) => {
    const last = messages.findLast(({ key }) => String(key) === check);
    return last && { ...(JSON.parse(String(last.value)) as AuditResult), at: Number(last.timestamp) };
  };
  await until('the first round of the audit', () => readLast('P1'));
  const beganAt = await fillWhileStopped(audit, () => fillTopics(env, sizes));
  const [lost, address] = await until('every order and every address checked', () => {
    const [p1, p3] = [readLast('P1'), readLast('P3')];
    return p1?.cases === sizes.orders && p3?.cases === sizes.orders && ([p1, p3] as const);
  });
  const answers: Answers = {
    expected: sizes.orders,
    distinct: lost.cases,
    received: lost.cases,
    wrong: [lost, address].filter(({ state }) => state === 'violated').length,
  };
  return { value: (2 * sizes.orders * 1_000) / (Math.max(lost.at, address.at) - beganAt), answers };
}

async function runParser(scope: Scope, sizes: Sizes): Promise<Round> {
  const { env } = nameTopics(scope, 'ORDERS_TOPIC', 'SHIPMENTS_TOPIC', 'CONSUMER_GROUP');
  const topics = readTopics(env);
  const { admin, close } = await openTestKafka();
  for (const { topic, partitions, config } of [topics.orders, topics.shipments])
    await createTopics(admin, [topic], partitions, config);
  await close();
  const parser = startContestant(scope, 'parse-messages.ts', [
    testKafka(),
    env['CONSUMER_GROUP'] ?? '',
    `${topics.orders.topic},${topics.shipments.topic}`,
    String(sizes.orders),
  ]);
  await parser.said('reading');
  const beganAt = await fillWhileStopped(parser, () => fillTopics(env, sizes));
  const done = await parser.said('done');
  const counts = done['answers'] as Answers[];
  const sum = (name: keyof Answers) => counts.reduce((total, each) => total + each[name], 0);
  return {
    value: (2 * sizes.orders * 1_000) / (Number(done['at']) - beganAt),
    answers: {
      expected: sum('expected'),
      distinct: sum('distinct'),
      received: sum('received'),
      wrong: sum('wrong'),
    },
  };
}

/** Fills the topics with orders and their shipments. */
async function fillTopics(env: Record<string, string>, { orders, customers }: Sizes): Promise<void> {
  const topics = readTopics(env);
  const { send, close } = await openTestKafka();
  const offsets = new Map<number, number>();
  const perRequest = 1_000;
  for (let first = 0; first < orders; first += perRequest) {
    const indexes = Array.from({ length: Math.min(perRequest, orders - first) }, (_, n) => first + n);
    const placed = indexes.map((index) => orderMessage(index, customers));
    const shipments = placed.map(({ key, value }) => {
      const partition = partitionOf(key, topics.orders.partitions);
      const offset = offsets.get(partition) ?? 0;
      offsets.set(partition, offset + 1);
      return shipmentMessage(JSON.parse(value) as Order, { partition, offset });
    });
    await send(topics.orders.topic, placed);
    await send(topics.shipments.topic, shipments);
  }
  await close();
}

/** The shipment of an order to a customer of `fillCustomers`. */
function shipmentMessage(
  { order_id, customer: { id }, order, ordered_at }: Order,
  at: { partition: number; offset: number },
) {
  const now = new Date().toISOString();
  const shipment: Shipment = {
    status: 'delivered',
    order_id,
    customer_id: id,
    product: order.product,
    quantity: order.quantity,
    ordered_at,
    lookup_started_at: now,
    looked_up_at: now,
    looked_up_by: 'bench',
    shipped_at: now,
    order_partition: at.partition,
    order_offset: at.offset,
    first_name: 'Ada',
    last_name: `Number ${id}`,
    zipcode: '10115',
    country: 'Germany',
    address: `Invalidenstr. ${id}, Berlin`,
  };
  return { key: shipment.order_id, value: JSON.stringify(shipment) };
}
