import { createTopics, nameTopics, openTestKafka, type Scope, testKafka } from '@shop/test-support';
import type { Answers, Comparison, Figure, Round } from '../figure.ts';
import { orderMessage } from '../shop/orders-topic.ts';
import { startCompiled, startContestant } from '../shop/start-compiled.ts';
import { fillWhileStopped } from '../shop/stopped-process.ts';

interface Sizes {
  clients: number;
  messages: number;
}

export const fanOutFigure: Figure = {
  name: 'fan-out',
  what: 'messages that the websocket service sends to 1, 100 and 1,000 clients, times the clients',
  unit: 'messages × clients/s',
  higherIsBetter: true,
  servers: ['kafka'],
  async open({ quick }) {
    const sizes = quick ? [{ clients: 20, messages: 200 }] : fullSizes;
    return sizes.map(compare);
  },
};

const fullSizes: readonly Sizes[] = [
  { clients: 1, messages: 30_000 },
  { clients: 100, messages: 3_000 },
  { clients: 1_000, messages: 300 },
];

const compare = (sizes: Sizes): Comparison => ({
  label: sizes.clients === 1 ? '1 client' : `${sizes.clients.toLocaleString('en')} clients`,
  targets: [{ against: 'ceiling', limit: 0.9 }],
  contestants: [
    { role: 'ours', what: 'websocket', run: (scope) => runService(scope, sizes) },
    { role: 'obvious', what: 'kafkajs and ws, JSON.stringify per client', run: (scope) => runObvious(scope, sizes) },
    {
      role: 'ceiling',
      what: 'a bare ws loop that sends ready buffers, without Kafka',
      run: (scope) => runSender(scope, sizes, ['ready', String(sizes.clients), String(sizes.messages)]),
    },
  ],
});

async function runService(scope: Scope, sizes: Sizes): Promise<Round> {
  const { env, topic } = await createTopic(scope);
  const service = startCompiled(scope, 'websocket', {
    ...env,
    HOST: '127.0.0.1',
    PORT: '0',
    TOPICS: topic,
    MAX_CLIENTS: '10000',
    // All messages arrive at once here, faster than the clients read. Skipping them would be no measure of speed.
    CLIENT_BUFFER_KIB: '1048576',
  });
  const { port } = await service.said('page and stream are served');
  await service.said('reading topics');
  const reading = await startReaders(scope, `ws://127.0.0.1:${port}/?topics=${topic}`, sizes);
  await fillWhileStopped(service, () => fill(topic, sizes.messages));
  return reading();
}

async function runObvious(scope: Scope, sizes: Sizes): Promise<Round> {
  const { topic } = await createTopic(scope);
  await fill(topic, sizes.messages);
  return runSender(scope, sizes, ['stringify', String(sizes.clients), String(sizes.messages), testKafka(), topic]);
}

async function runSender(scope: Scope, sizes: Sizes, words: readonly string[]): Promise<Round> {
  const sender = startContestant(scope, 'send-to-clients.ts', words);
  const { port } = await sender.said(/"port":\d+/);
  const reading = await startReaders(scope, `ws://127.0.0.1:${port}/`, sizes);
  return reading();
}

/** Creates a topic of one partition, so that every client gets the messages in one order. */
async function createTopic(scope: Scope) {
  const { env } = nameTopics(scope, 'ORDERS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const topic = env['ORDERS_TOPIC'] ?? '';
  const { admin, close } = await openTestKafka();
  await createTopics(admin, [topic], 1);
  await close();
  return { env, topic };
}

async function fill(topic: string, count: number): Promise<void> {
  const { send, close } = await openTestKafka();
  for (let sent = 0; sent < count; sent += 1_000)
    await send(
      topic,
      Array.from({ length: Math.min(1_000, count - sent) }, (_, n) => orderMessage(sent + n, 1_000)),
    );
  await close();
}

/** Connects the clients, in two processes if there are several. @returns a function that waits for all messages */
async function startReaders(
  scope: Scope,
  address: string,
  { clients, messages }: Sizes,
): Promise<() => Promise<Round>> {
  const shares = clients === 1 ? [1] : [Math.ceil(clients / 2), Math.floor(clients / 2)];
  const readers = shares.map((share) =>
    startContestant(scope, 'read-stream.ts', [address, String(share), String(messages)]),
  );
  await Promise.all(readers.map((reader) => reader.said('connected')));
  return async () => {
    const reports = await Promise.all(readers.map((reader) => reader.said('done')));
    const sum = (name: keyof Answers) => reports.reduce((total, { answers }) => total + (answers as Answers)[name], 0);
    const firstAt = Math.min(...reports.map((report) => Number(report['firstAt'])));
    const lastAt = Math.max(...reports.map((report) => Number(report['lastAt'])));
    const answers = {
      expected: sum('expected'),
      distinct: sum('distinct'),
      received: sum('received'),
      wrong: sum('wrong'),
    };
    return { value: (answers.received * 1_000) / (lastAt - firstAt), answers };
  };
}
