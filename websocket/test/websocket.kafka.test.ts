import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { findFreePort, testKafka, until } from '@shop/test-support';
import type { Story } from '../src/messages/story.ts';
import { produceTo } from './support/produce-to.ts';
import { createShopSimulation } from './support/simulate-shop.ts';
import { type RunningService, startService } from './support/start-service.ts';
import { readStream } from './support/stream-reader.ts';

const broker = testKafka();
const own = randomUUID().slice(0, 8);
const [early, late] = [`early-${own}`, `late-${own}`];
/** The service's other topics, under names that no other test uses. */
const ownTopics = {
  TOPICS: `${early},${late}`,
  SERVICE_STATUS_TOPIC: `status-${own}`,
  CUSTOMERS_TOPIC: early,
  LOG_LEVEL: 'info',
};

let kafka: Awaited<ReturnType<typeof produceTo>>;

before(async () => {
  kafka = await produceTo(broker, [early]);
});
after(() => kafka.close());

const isReading = ({ lines }: RunningService, topic: string) =>
  lines.some((line) => line.msg === 'reading topics' && JSON.stringify(line).includes(topic));

async function ownGroups(): Promise<string[]> {
  const { groups } = await kafka.admin.listGroups();
  return groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(`websocket-${own}-`));
}

test('the stream starts at the end, has committed messages only, and new topics from their beginning', async () => {
  await kafka.send([{ topic: early, key: '1', value: '"before the start"' }]);
  const service = await startService(broker, { ...ownTopics, INSTANCE: own });
  try {
    await until('it reads', () => isReading(service, early));
    assert.equal((await ownGroups()).length, 1);
    const reader = await readStream(service.port);

    const producer = kafka.kafka.producer({ transactionalId: `tx-${own}`, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    for (const [value, end] of [
      ['"aborted"', 'abort'],
      ['"committed"', 'commit'],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: early, messages: [{ key: '1', value }] });
      await transaction[end]();
    }
    await producer.disconnect();
    await until('the committed message', () => reader.events().length > 0);

    await kafka.createTopic(late, 3);
    await kafka.send([{ topic: late, key: '1', value: '"new topic"' }]);
    await until('the new topic', () => reader.events().some(({ topic }) => topic === late));
    await kafka.send([{ topic: early, key: '1', value: '"afterwards"' }]);
    await until('the old topic goes on', () => reader.events().length === 3);

    assert.deepEqual(
      reader.events().map(({ value, seq }) => [value, seq]),
      [
        ['committed', 1],
        ['new topic', 1],
        ['afterwards', 2],
      ],
    );
    const replayed = await readStream(service.port, `/?topics=${late}&replay=9`);
    await until('the replay', () => replayed.events().length === 1);
  } finally {
    assert.equal(await service.end(), 0, service.output());
  }
  assert.deepEqual(await ownGroups(), [], 'no group is left behind');
});

test('serves at once, and reads as soon as Kafka is available', async (t) => {
  const [host = '', port = ''] = broker.split(':');
  const door = createServer((socket) => {
    const inside = connect(Number(port), host);
    socket.pipe(inside).pipe(socket);
    socket.on('error', () => inside.destroy());
    inside.on('error', () => socket.destroy());
  });
  const free = await findFreePort();
  const service = await startService(`127.0.0.1:${free}`, { ...ownTopics, INSTANCE: own });
  t.after(async () => {
    assert.equal(await service.end(), 0);
    door.close();
  });
  assert.equal((await fetch(`http://127.0.0.1:${service.port}/stories?search=1`)).status, 200);
  const reader = await readStream(service.port);
  await service.said('waiting for a dependency');
  door.listen(free, '127.0.0.1');
  await until('it reads', () => isReading(service, early));
  await kafka.send([{ topic: early, key: '1', value: '"here"' }]);
  await until('the message', () => reader.events().some(({ value }) => value === 'here'));
  assert.equal(service.lines.filter(({ msg }) => msg === 'waiting for a dependency').length, 1, 'said once');
});

test('after a start the page shows earlier messages, without streaming them again', async () => {
  const shop = createShopSimulation();
  await kafka.send(
    Array.from({ length: 30 }, () => shop.register({ country: 'Kenya' }))
      .flat()
      .filter(({ topic }) => topic === 'dummy.public.customers')
      .map((message) => ({ ...message, topic: early })),
  );
  const service = await startService(broker, { ...ownTopics, INSTANCE: own });
  try {
    const page = await readStream(service.port, '/page');
    const customers = () =>
      page.said().findLast(({ type }) => type === 'picture')?.['customers'] as { total: number } | undefined;
    await until('all customers', () => customers()?.total === 30);
    const stream = await readStream(service.port, '/?replay=100');
    await until('hello', () => stream.texts.length > 0);
    assert.deepEqual(stream.events(), []);
    const response = await fetch(`http://127.0.0.1:${service.port}/stories?search=7`);
    const story = (await response.json()) as Story;
    assert.deepEqual([story.customer?.id, story.events.length], [7, 1]);
  } finally {
    assert.equal(await service.end(), 0);
  }
});
