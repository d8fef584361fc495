import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTopics, nameTopics, until } from '@shop/test-support';
import pino from 'pino';
import { createReport, runConsumer } from '../../src/index.ts';

test('a consumer that crashes again and again is replaced with back-off, and this is logged once', async (t) => {
  const { kafka, env } = nameTopics(t, 'READ');
  const { READ: topic = '' } = env;
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await createTopics(admin, [topic], 2);
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ partition: 0, value: 'v' }] });
  await producer.disconnect();

  const lines: { level: number; msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const report = createReport();
  const ending = new AbortController();
  const waitedFor: boolean[] = [];
  let handled = 0;
  const running = await runConsumer(
    {
      kafka,
      config: { groupId: topic },
      async start(consumer) {
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({
          eachBatch: async () => {
            waitedFor.push(report.snapshot().waiting_for.length > 0);
            handled += 1;
            if (handled <= 4) throw Object.assign(new Error('not today'), { retriable: false });
          },
        });
      },
    },
    { logger, report, signal: ending.signal, fail: (error) => assert.fail(String(error)) },
  );
  t.after(() => running.stop());
  await until('a consumer that runs again', () => lines.some(({ msg }) => msg === 'the dependency is available'));
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['consumer crashed, restarting it', 'waiting for a dependency', 'the dependency is available'],
  );
  // The second consumer may have failed before it read anything, on a machine that gives the broker little time.
  assert.equal(waitedFor[0], false);
  assert.deepEqual(waitedFor.slice(2), [true, true, true]);
});
