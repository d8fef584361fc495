import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { countMessages, followTopic, nameTopics, testKafkaSettings } from '@shop/test-support';
import { createLogger, createReport, ensureTopics, openSender, type ServiceContext } from '../../src/index.ts';

/** A sender with the arguments that a service gives it. */
async function createSender(t: TestContext) {
  const { kafka, env } = nameTopics(t, 'SENT_TOPIC');
  const topic = env['SENT_TOPIC'] ?? '';
  const settings = testKafkaSettings();
  const report = createReport();
  const ending = new AbortController();
  const context: ServiceContext = {
    name: 'sender-test',
    instance: randomUUID(),
    env,
    logger: createLogger('sender-test', { LOG_LEVEL: 'silent' }),
    report,
    signal: ending.signal,
    onClose: (close) => t.after(() => close()),
    fail: (error) => assert.fail(String(error)),
  };
  await ensureTopics(kafka, settings, [{ topic, partitions: 3, config: {} }], context);
  return { sender: await openSender(settings, context), kafka, topic, report, ending };
}

const createMessages = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: String(from + index), value: `message ${from + index}` }));

test('batches arrive once, each key in order', async (t) => {
  const { sender, kafka, topic } = await createSender(t);
  for (let batch = 0; batch < 5; batch += 1)
    assert.equal(await sender.send(topic, createMessages(batch * 100, 100)), true);
  const { reach } = await followTopic(t, kafka, topic);
  const values = (await reach(500)).map(({ value }) => String(value));
  assert.equal(new Set(values).size, 500);
  assert.equal(await countMessages(kafka, topic), 500);
});

test('a batch that Kafka refuses is logged, and the next one is sent', async (t) => {
  const { sender, kafka, topic, report } = await createSender(t);
  assert.equal(await sender.send(topic, createMessages(0, 10)), true);
  assert.equal(await sender.send(topic, [{ key: '1', value: 'x'.repeat(2 * 1024 * 1024) }]), false);
  assert.match(report.snapshot().last_error?.message ?? '', /larger than the max message size/);
  assert.equal(await sender.send(topic, createMessages(10, 10)), true);
  assert.equal(await countMessages(kafka, topic), 20);
});

test('the last batch is sent although the service ends already', async (t) => {
  const { sender, kafka, topic, ending } = await createSender(t);
  const sending = sender.send(topic, createMessages(0, 10));
  ending.abort(new Error('the service is stopping'));
  assert.equal(await sending, true);
  assert.equal(await countMessages(kafka, topic), 10);
});
