import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createTopics, nameTopics, openServiceContext, openTestKafka, recreateTopic, until } from '@shop/test-support';
import { readToEnd } from '../../../src/index.ts';

async function open(t: TestContext) {
  const { kafka, env } = nameTopics(t, 'READ');
  const { READ: topic = '' } = env;
  const { context } = openServiceContext(t, 'reader', env);
  const client = await openTestKafka();
  t.after(() => client.close());
  const values: string[] = [];
  return {
    ...client,
    topic,
    values,
    read: (onRecord: () => void = () => undefined) =>
      readToEnd(
        {
          kafka,
          topic,
          onRecord({ value }) {
            values.push(String(value));
            onRecord();
          },
        },
        context,
      ),
  };
}

test('reads a topic to its end, and a missing or empty one at once', async (t) => {
  const { topic, admin, values, read, send } = await open(t);
  await read();
  await createTopics(admin, [topic], 2);
  await read();
  assert.deepEqual(values, []);
  await send(topic, [
    { partition: 0, value: 'a' },
    { partition: 1, value: 'b' },
  ]);
  await read();
  assert.deepEqual(values.sort(), ['a', 'b']);
});

test('ends when the topic is deleted meanwhile', async (t) => {
  const { topic, admin, read, send, values } = await open(t);
  await createTopics(admin, [topic], 1);
  await send(topic, [{ value: 'a' }]);
  const reading = read(() => {
    throw Object.assign(new Error('cannot go on'), { retriable: false });
  });
  await until('the first record', () => values.length > 0);
  await admin.deleteTopics({ topics: [topic] });
  await reading;
});

test('ends when the topic is recreated with fewer records', async (t) => {
  const { topic, admin, read, send, values } = await open(t);
  await createTopics(admin, [topic], 1);
  await send(topic, [{ value: 'a' }, { value: 'b' }]);
  let isHeld = true;
  const reading = read(() => {
    if (isHeld) throw Object.assign(new Error('cannot go on'), { retriable: false });
  });
  await until('the first record', () => values.length > 0);
  await recreateTopic(admin, topic, 1);
  await send(topic, [{ value: 'c' }]);
  isHeld = false;
  await reading;
  assert.equal(values.at(-1), 'c');
});
