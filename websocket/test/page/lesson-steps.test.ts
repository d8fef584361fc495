import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { lessons } from '../../page/src/text/lessons.ts';
import { buildStatus } from '../support/answers.ts';
import { takeLesson } from '../support/take-lesson.ts';

test('there are eight lessons, and the files that they name exist', () => {
  assert.equal(new Set(lessons.map(({ id }) => id)).size, 8);
  for (const { file } of lessons) assert.ok(existsSync(new URL(`../../../${file}`, import.meta.url)), file);
});

test('follow an order: its story is open, and later has its shipment', () => {
  const { shop, see, storyOf, stepsDone } = takeLesson('follow-an-order');
  see(shop.register());
  const [order] = see(shop.order(1, 'order-a'));
  assert.equal(stepsDone({ story: storyOf(1) }), 0, 'the story of a customer');
  assert.equal(stepsDone({ story: storyOf('order-a') }), 1);
  assert.equal(stepsDone({ story: storyOf('order-a') }), 1, 'not shipped yet');
  if (order) see(shop.ship(order));
  assert.equal(stepsDone({ story: storyOf('order-a') }), 2);
});

test('change data capture: the customer moves by command, and the address arrives in ksqlDB', () => {
  const { shop, see, obey, storyOf, stepsDone } = takeLesson('change-data-capture');
  see(shop.register());
  assert.equal(stepsDone(), 0, 'no customer is played');
  assert.equal(stepsDone({ player: storyOf(1) }), 1);
  see(shop.move(1));
  assert.equal(stepsDone({ player: storyOf(1) }), 1, 'the updater moved them in its round');
  const [captured, inKsqldb] = shop.move(1);
  obey({ target: 'updater', command: 'move', customer_id: 1 }, { customer_id: 1, ...shop.customers.get(1) });
  assert.equal(stepsDone({ player: storyOf(1) }), 2);
  if (captured) see([captured]);
  assert.equal(stepsDone({ player: storyOf(1) }), 2, 'not in ksqlDB yet');
  if (inKsqldb) see([inKsqldb]);
  assert.equal(stepsDone({ player: storyOf(1) }), 3);
});

test('partitions: two orders of one customer follow each other in one partition', () => {
  const { shop, see, storyOf, stepsDone } = takeLesson('partitions');
  see([...shop.register(), ...shop.order(1)]);
  assert.equal(stepsDone({ player: storyOf(1) }), 0, 'one order');
  see(shop.order(1));
  assert.equal(stepsDone({ player: storyOf(1) }), 1);
  const story = storyOf(1);
  const apart = story.events.map((event, index) => ({ ...event, partition: index }));
  assert.equal(stepsDone({ story: { ...story, events: apart } }), 1, 'two partitions');
  assert.equal(stepsDone({ story }), 2);
});

test('tables and streams: a pull query has rows, and then a push query', () => {
  const { stepsDone } = takeLesson('tables-and-streams');
  const ask = (sql: string, rows: unknown[][]) =>
    stepsDone({ query: { sql, answer: { columns: ['ID'], rows, ended: 'complete' } } });
  assert.equal(stepsDone({ query: { sql: 'SHOW TABLES;', answer: { answer: [{}] } } }), 0);
  assert.equal(ask('SELECT * FROM CUSTOMERS WHERE ID = 1;', []), 0, 'no row');
  assert.equal(ask('SELECT * FROM CUSTOMERS WHERE ID = 1;', [[1]]), 1);
  assert.equal(ask('SELECT * FROM CUSTOMERS;', [[1]]), 1, 'another pull query');
  assert.equal(ask('select ID from CUSTOMERS emit\nchanges limit 1;', [[1]]), 2);
});

test('consumer groups: a second instance is ready, reads orders, and stops', () => {
  const { see, stepsDone } = takeLesson('consumer-groups');
  const report = (instance: string, state: 'ready' | 'stopped', orders_read: number) =>
    see([
      {
        topic: 'service_status',
        key: instance,
        value: JSON.stringify(buildStatus('shipping-service', 0, { instance, state, counters: { orders_read } })),
      },
    ]);
  report('a', 'ready', 100);
  assert.equal(stepsDone(), 0);
  report('b', 'ready', 0);
  assert.equal(stepsDone(), 1);
  assert.equal(stepsDone(), 1, 'the second one has no partition yet');
  report('b', 'ready', 7);
  assert.equal(stepsDone(), 2);
  report('b', 'stopped', 7);
  assert.equal(stepsDone(), 3);
});

test('lag: orders wait while shipping is slow, and not any more when it has caught up', () => {
  const { shop, see, obey, stepsDone } = takeLesson('lag');
  const rate = (orders_per_second: number) =>
    obey({ target: 'order-service', command: 'set-rate', orders_per_second }, { orders_per_second });
  see(shop.register());
  rate(20);
  assert.equal(stepsDone(), 0);
  rate(200);
  assert.equal(stepsDone(), 1);
  const orders = Array.from({ length: 20 }, () => shop.order(1)).flat();
  see(orders);
  assert.equal(stepsDone(), 1, 'shipping was not slowed down');
  obey({ target: 'shipping-service', command: 'slow' }, { ms_per_batch: 500 });
  assert.equal(stepsDone(), 2);
  obey({ target: 'shipping-service', command: 'normal' });
  assert.equal(stepsDone(), 2, 'the orders still wait');
  for (const order of orders) see(shop.ship(order));
  assert.equal(stepsDone(), 3);
});

test('exactly once: a crash, and a report in which everything is good', () => {
  const { shop, see, obey, stepsDone } = takeLesson('exactly-once');
  obey({ target: 'order-service', command: 'set-rate', orders_per_second: 200 }, { orders_per_second: 200 });
  assert.equal(stepsDone(), 1);
  obey({ target: 'shipping-service', command: 'freeze' }, { seconds: 15 });
  assert.equal(stepsDone(), 1, 'a freeze is no crash');
  obey({ target: 'shipping-service', command: 'crash' });
  assert.equal(stepsDone(), 2);
  see(shop.audit());
  assert.equal(stepsDone(), 2, 'the service is down');
  const since = new Date(Date.now() + 1_000).toISOString();
  const ready = buildStatus('shipping-service', 0, { instance: 'simulated', since, at: since });
  see([{ topic: 'service_status', key: 'shipping-service', value: JSON.stringify(ready) }, ...shop.audit()]);
  assert.equal(stepsDone(), 3);
});

test('dead letters: unreadable orders are sent, and one is found in its topic', () => {
  const { shop, see, obey, stepsDone } = takeLesson('dead-letters');
  obey({ target: 'order-service', command: 'set-traffic', times: 10 });
  assert.equal(stepsDone(), 0);
  obey({ target: 'order-service', command: 'set-traffic', unreadable_share: 0.5 });
  assert.equal(stepsDone(), 1);
  assert.equal(stepsDone({ topics: ['dead_letters'] }), 1, 'none has arrived');
  see(shop.deadLetter());
  assert.equal(stepsDone({ topics: [] }), 1, 'the topic is not chosen');
  assert.equal(stepsDone({ topics: ['dead_letters'] }), 2);
});

test('what happened before the visitor began does not count', () => {
  const { obey, stepsDone } = takeLesson('dead-letters', Date.now() + 60_000);
  obey({ target: 'order-service', command: 'set-traffic', unreadable_share: 0.5 });
  assert.equal(stepsDone(), 0);
});
