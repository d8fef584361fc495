import { readKafkaSettings, readKsqldbSettings, readTopics } from '@shop/common';
import { describeFigures } from './describe-figures.ts';
import { followTopics } from './follow-topics.ts';
import { readInventory } from './read-inventory.ts';

export interface Counting {
  /** The line of live figures. */
  describe(): string;
  /** What `--json` prints. */
  result(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface CountingPlan {
  /** Of the services, for the topics' names. */
  topicEnvironment: NodeJS.ProcessEnv;
  /** This process's, with the addresses of this fleet. */
  env: NodeJS.ProcessEnv;
  file: string;
  since: number;
  signal: AbortSignal;
  say(text: string): void;
}

/** Counts the shop's topics. @throws SettingError */
export function startCounting({ topicEnvironment, env, file, since, signal, say }: CountingPlan): Counting {
  const topics = readTopics(topicEnvironment);
  const following = followTopics({
    kafka: readKafkaSettings(env),
    topics: {
      customers: topics.customers,
      orders: topics.orders,
      shipments: topics.shipments,
      deadLetters: topics.deadLetters,
    },
    file,
    since,
    signal,
    onError: (error) => say(`cannot count: ${describe(error)}`),
    onUnkept: (error) => say(`cannot keep the figures: ${describe(error)}`),
  });

  async function askInventory(): Promise<Record<string, unknown>[] | null> {
    try {
      return await readInventory(readKsqldbSettings(env));
    } catch (error) {
      say(`ksqlDB does not tell the inventory: ${describe(error)}`);
      return null;
    }
  }

  return {
    describe: () => describeFigures(following.figures()),
    async result() {
      const first = following.firstShipmentAt();
      return {
        ...following.figures(),
        first_shipment_s: first === undefined ? null : Math.round((first - since) / 100) / 10,
        inventory: await askInventory(),
      };
    },
    close: () => following.close(),
  };
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));
