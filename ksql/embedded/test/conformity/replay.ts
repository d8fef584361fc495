import assert from 'node:assert/strict';
import { type TestKafka, unique, untilPasses } from '@shop/test-support';
import type { KafkaMessage } from 'kafkajs';
import { pause, type RecordedRequest, send } from './http.ts';
import { type Compare, hardParts, type Json, normalise, parseExact } from './normalise.ts';

interface RecordedMessage {
  readonly key?: string | null;
  readonly keyBase64?: string;
  readonly value: string | null;
  readonly partition?: number;
}

interface ExpectTopic {
  readonly topic: string;
  readonly key?: 'string' | 'json' | 'bigint' | 'int';
  readonly latest?: Json;
  readonly all?: Json;
}

export interface Step {
  readonly as?: string;
  readonly topic?: { readonly name: string; readonly partitions?: number; readonly config?: Record<string, string> };
  readonly produce?: { readonly topic: string; readonly messages: readonly RecordedMessage[] };
  readonly wait?: { readonly ms: number };
  readonly request?: RecordedRequest;
  readonly expect?: Json;
  readonly compare?: Compare;
  readonly expectTopic?: ExpectTopic;
}

export interface Scenario {
  readonly name: string;
  readonly prefix: string;
  readonly steps: readonly Step[];
}

/** Time limit for an answer that depends on data, ms. */
const pollMs = 20_000;

/** Reads a scenario and gives it unique names, so that it can run again on the same broker. */
export function readScenario(text: string): Scenario {
  const { prefix }: Scenario = JSON.parse(text);
  const stem = prefix.slice(0, -1);
  const mark = unique();
  const renamed = text.replace(
    new RegExp(`(?<!(?<!%6)[0-9]|[A-Za-z])${stem}(?=[_.])`, 'gi'),
    (found) => found + (found === stem ? mark.toUpperCase() : mark),
  );
  return { ...JSON.parse(renamed), prefix: `${stem}${mark.toUpperCase()}_` };
}

/** Executes one step; throws if the answer differs from the recorded one. */
export async function runStep(step: Step, prefix: string, url: string, kafka: TestKafka): Promise<void> {
  if (step.topic) await kafka.createTopic(step.topic.name, step.topic.partitions ?? 1, step.topic.config);
  else if (step.wait) await pause(step.wait.ms);
  else if (step.produce) {
    const messages = step.produce.messages.map(({ key, keyBase64, value, partition }) => ({
      key: keyBase64 === undefined ? (key ?? null) : Buffer.from(keyBase64, 'base64'),
      value,
      ...(partition === undefined ? {} : { partition }),
    }));
    await kafka.send(step.produce.topic, messages);
  } else if (step.request) await expectAnswer(step, step.request, prefix, url);
  else if (step.expectTopic) await expectTopic(step.expectTopic, kafka);
}

async function expectAnswer(
  { expect = null, compare = {} }: Step,
  request: RecordedRequest,
  prefix: string,
  url: string,
): Promise<void> {
  const query = request.path.startsWith('/query') && JSON.stringify(expect).startsWith('{"status":200');
  await untilPasses(
    'the recorded answer',
    async () => {
      const received = await send(url, request);
      assert.deepEqual(hardParts(normalise(received, compare, prefix)), hardParts(expect));
    },
    { patienceMs: compare.poll_ms ?? (query ? pollMs : 0) },
  );
}

const readKey = {
  string: (key: Buffer) => key.toString('utf8'),
  json: (key: Buffer) => JSON.stringify(parseExact(key.toString('utf8'))),
  bigint: (key: Buffer) => key.readBigInt64BE().toString(),
  int: (key: Buffer) => String(key.readInt32BE()),
};

function readValue(value: Buffer | null): Json {
  if (value === null) return null;
  try {
    return parseExact(value.toString('utf8'));
  } catch {
    return value.toString('utf8');
  }
}

/** The topic in the form of the recording: the last value of each key, or all records, sorted. */
function viewOf(records: Iterable<KafkaMessage>, { key: format = 'string', all }: ExpectTopic): Json {
  const pairs = [...records].map(
    ({ key, value }) => [key === null ? 'null' : readKey[format](key), readValue(value)] as const,
  );
  if (all !== undefined) {
    return pairs
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  const latest = new Map<string, Json>();
  for (const [key, value] of pairs) {
    if (value === null) latest.delete(key);
    else latest.set(key, value);
  }
  return Object.fromEntries([...latest].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function expectTopic(expected: ExpectTopic, { kafka }: TestKafka): Promise<void> {
  const consumer = kafka.consumer({ groupId: `test-${unique()}`, maxWaitTimeInMs: 250 });
  const records = new Map<string, KafkaMessage>();
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: expected.topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        records.set(`${partition}/${message.offset}`, message);
      },
    });
    await untilPasses(
      'the recorded records',
      async () => assert.deepEqual(viewOf(records.values(), expected), expected.all ?? expected.latest),
      { patienceMs: pollMs },
    );
  } finally {
    await consumer.disconnect();
  }
}
