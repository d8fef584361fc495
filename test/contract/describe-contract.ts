import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  readTopics,
  type ShopTopicName,
  shopTopicNames,
  streamEvent,
  streamGap,
  streamHello,
  streamQuery,
  type TopicDefinition,
  type TopicMessages,
  topicMessages,
} from '@shop/common';
import { listServices, readCompose } from '@shop/local';
import { z } from 'zod';
import { recordedExamples } from './recorded-examples.ts';
import { type JsonSchema, toJsonSchema } from './to-json-schema.ts';
import { everyService, readTopicTable } from './topic-table.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

interface Reference {
  $ref: string;
}

/** A message of the document. */
interface ContractMessage {
  name: string;
  contentType: string;
  /** Absent in the stream. */
  bindings?: { kafka: { key: JsonSchema } };
  headers?: Reference;
  payload: Reference | JsonSchema;
  examples?: readonly object[];
}

interface Channel {
  address: string;
  messages: Record<string, ContractMessage>;
  [field: string]: unknown;
}

/** An AsyncAPI 3 document, as far as this project reads it. */
export interface Contract {
  asyncapi: '3.0.0';
  info: object;
  defaultContentType: string;
  servers: object;
  channels: Record<string, Channel>;
  operations: Record<string, object>;
  components: { schemas: Record<string, JsonSchema> };
}

/** The name of the stream's channel. */
export const streamChannel = 'stream';

/**
 * Describes the topics of the shop and the stream of websocket. Messages come from the contracts in common, senders and receivers
 * from the first lines of docker-compose.yml, examples from `examples.json`.
 */
export function describeContract(): Contract {
  const schemas: Record<string, JsonSchema> = {};

  /** Puts a schema into the components once. */
  function refer(name: string, schema: z.ZodType): Reference {
    schemas[name] ??= toJsonSchema(schema);
    return { $ref: `#/components/schemas/${name}` };
  }

  function describeMessage(topic: ShopTopicName): ContractMessage {
    const { name, key, headers, value } = topicMessages[topic];
    return {
      name,
      contentType: value ? 'application/json' : 'application/octet-stream',
      bindings: { kafka: { key: toJsonSchema(key) } },
      ...(headers && { headers: refer(`${name}Headers`, headers) }),
      payload: value ? refer(nameOf(value), value) : {},
      examples: recordedExamples.topics[topic] ?? [],
    };
  }

  const describeStreamMessage = (name: keyof typeof streamMessages): ContractMessage => ({
    name,
    contentType: 'application/json',
    payload: refer(`stream-${name}`, streamMessages[name]),
    examples: recordedExamples.stream[name] ?? [],
  });

  const channels: Record<string, Channel> = {};
  for (const topic of shopTopicNames)
    channels[topic] = {
      address: topic,
      description: topicMessages[topic].description,
      servers: [{ $ref: '#/servers/kafka' }],
      messages: { [topicMessages[topic].name]: describeMessage(topic) },
      ...describeSettings(topic),
    };
  channels[streamChannel] = {
    address: '/',
    description:
      "The stream of the page: each committed message of the topics, as it arrives. The address `/websocket` sends FINAL_INVENTORY's values only. Messages of clients are refused.",
    servers: [{ $ref: '#/servers/page' }],
    messages: {
      hello: describeStreamMessage('hello'),
      event: describeStreamMessage('event'),
      gap: describeStreamMessage('gap'),
    },
    bindings: { ws: { method: 'GET', query: toJsonSchema(streamQuery) } },
  };

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Kafka web shop',
      version: readVersion(),
      description: [
        'The topics of the shop, and the stream of its page. `README.md` beside this file says what a shipping service must do.',
        'Values are JSON in UTF-8 without a schema id. A field keeps its name and meaning; new fields may be added, so ignore those that you do not know. No whole number exceeds 9007199254740991.',
      ].join('\n\n'),
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: { host: 'localhost:9092', protocol: 'kafka' },
      page: { host: 'localhost:8080', protocol: 'ws' },
    },
    channels,
    operations: describeOperations(channels),
    components: { schemas },
  };
}

const streamMessages = { hello: streamHello, event: streamEvent, gap: streamGap };

/** Two topics may have the same values. */
function nameOf(value: z.ZodType): string {
  const first = (Object.values(topicMessages) as TopicMessages[]).find((messages) => messages.value === value);
  return first?.name ?? '';
}

/** The settings with which the services create a topic. ksqlDB creates the topics of its tables. */
function describeSettings(topic: ShopTopicName): object {
  const created: TopicDefinition[] = Object.values(readTopics({}));
  const definition = created.find((each) => each.topic === topic);
  if (!definition) return {};
  const { partitions, config } = definition;
  const settings = Object.entries(config).map(([name, value]) => [
    name,
    name === 'cleanup.policy' ? [value] : /^\d+$/.test(value) ? Number(value) : value,
  ]);
  return { bindings: { kafka: { topic, partitions, topicConfiguration: Object.fromEntries(settings) } } };
}

function describeOperations(channels: Contract['channels']): Record<string, object> {
  const services = listServices(readCompose(checkout, {}));
  const operations: Record<string, object> = {};
  const add = (user: string, action: 'send' | 'receive', channel: string): void => {
    operations[`${user}.${action}.${channel}`] = {
      action,
      tags: [{ name: user }],
      channel: { $ref: `#/channels/${channel}` },
      messages: Object.keys(channels[channel]?.messages ?? {}).map((name) => ({
        $ref: `#/channels/${channel}/messages/${name}`,
      })),
    };
  };
  const table = readTopicTable(readFileSync(`${checkout}docker-compose.yml`, 'utf8'));
  const toServices = (user: string) => (user === everyService ? services : [user]);
  for (const { topic, writers, readers } of table) {
    for (const user of writers.flatMap(toServices)) add(user, 'send', topic);
    for (const user of readers.flatMap(toServices)) add(user, 'receive', topic);
  }
  add('websocket', 'send', streamChannel);
  add('audit', 'receive', streamChannel);
  return operations;
}

const readVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(`${checkout}package.json`, 'utf8'))).version;
