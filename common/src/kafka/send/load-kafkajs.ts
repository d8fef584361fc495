import { createRequire } from 'node:module';
import type { KafkajsError, TopicAnswers } from './internals.ts';
import { createSendMessages } from './send-messages.ts';

const require = createRequire(import.meta.url);
const replaced = 'kafkajs/src/producer/sendMessages';
/** The modules that hold on to `sendMessages`, from the client downwards. */
const holders = ['kafkajs/src/index', 'kafkajs/src/producer/index', 'kafkajs/src/producer/messageProducer'];

/**
 * Loads a module of kafkajs whose producers send by `createSendMessages`. Only `holders` are loaded a second time. Code
 * that imported kafkajs before keeps its modules, and all other modules are shared.
 */
export function loadKafkajs(name: (typeof holders)[number]): unknown {
  reportPartitionAnswers();
  const paths = [...holders, replaced].map((each) => require.resolve(each));
  const before = paths.map((path) => require.cache[path]);
  for (const path of paths) delete require.cache[path];
  try {
    require(replaced);
    const module = require.cache[require.resolve(replaced)];
    if (module === undefined) throw new Error(`${replaced} cannot be replaced: it is not in require.cache`);
    module.exports = createSendMessages;
    return require(name);
  } finally {
    paths.forEach((path, index) => {
      const former = before[index];
      if (former) require.cache[path] = former;
      else delete require.cache[path];
    });
  }
}

interface ProduceResponse {
  parse(decoded: { topics: TopicAnswers[] }): Promise<unknown>;
}

const versions = [0, 1, 2, 3, 4, 5, 6, 7];
let areReported = false;

/**
 * kafkajs throws the first error among the answers of a produce request and drops the others. Here the error carries all
 * answers, as `partitionAnswers`.
 */
function reportPartitionAnswers(): void {
  if (areReported) return;
  areReported = true;
  for (const version of versions) {
    const response: ProduceResponse = require(`kafkajs/src/protocol/requests/produce/v${version}/response`);
    const { parse } = response;
    response.parse = async (decoded) => {
      try {
        return await parse(decoded);
      } catch (error) {
        throw Object.assign(error as KafkajsError, { partitionAnswers: decoded.topics });
      }
    };
  }
}
