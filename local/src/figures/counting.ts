import {
  createClosers,
  createKafka,
  createKsqldbClient,
  createLogger,
  createReport,
  describeError,
  ensureTopics,
  followTopics,
  openAdmin,
  readKafkaSettings,
  readKsqldbSettings,
  readTopics,
  runWithPauses,
  waitUntilDone,
} from '@shop/common';
import { describeFigures } from './describe-figures.ts';
import { fitsTopics, readKeptFigures, writeKeptFigures } from './kept-figures.ts';
import { createTally } from './tally.ts';

export interface Counting {
  /** The line of live figures. */
  describe(): string;
  /** What `--json` prints. */
  result(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface CountingPlan {
  /** The services' variables, which name the topics. */
  topicEnvironment: NodeJS.ProcessEnv;
  /** This process's variables and the fleet's addresses. */
  env: NodeJS.ProcessEnv;
  /** The file that stores the figures for the next start. */
  file: string;
  /** When `npm start` began, ms since 1970. Earlier shipments do not count as this run's first one. */
  since: number;
  signal: AbortSignal;
  say(text: string): void;
}

const keepEveryMs = 5_000;

/** Counts the committed records of the shop's topics, from where the last start stopped. @throws SettingError */
export function startCounting({ topicEnvironment, env, file, since, signal, say }: CountingPlan): Counting {
  const topics = readTopics(topicEnvironment);
  const settings = readKafkaSettings(env);
  const brokers = settings.brokers.join(',');
  let tally = createTally(topics, since);
  let isReading = false;
  let isKept = true;
  const closers = createClosers();
  const context = {
    name: 'npm-start',
    instance: 'figures',
    // Silent, because the start of the fleet also waits for Kafka and logs it.
    logger: createLogger('npm-start', { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal,
    onClose: closers.add,
    fail: (error: unknown) => say(`cannot count: ${describeError(error)}`),
  };

  async function begin(): Promise<void> {
    const kafka = createKafka(settings, { clientId: context.name });
    const counted = [topics.customers, topics.orders, topics.shipments, topics.deadLetters];
    const names = counted.map(({ topic }) => topic);
    // The services may not have created the topics yet.
    await ensureTopics(kafka, settings, counted, context);
    const follower = followTopics(
      {
        kafka,
        admin: await openAdmin(kafka, context, { retry: { retries: 2 } }),
        topics: names,
        startAt: (topic) => ({ offsets: tally.offsetsOf(topic) }),
        onRecord: (record) => tally.count(record),
        // Records that Kafka has deleted still count.
        onGap() {},
        // A few large fetches a second cost less than many small ones. But closing waits for the current fetch.
        fetch: { maxWaitTimeInMs: 500, minBytes: 256 * 1024 },
      },
      context,
    );
    closers.add(() => follower.stop());
    const readEnds = () => Promise.all(names.map(async (topic) => [topic, await follower.ends(topic)] as const));
    const ends = new Map(await waitUntilDone('Kafka', readEnds, context));
    const kept = readKeptFigures(file, brokers);
    if (kept && fitsTopics(kept.offsets, ends)) tally = createTally(topics, since, kept);
    await follower.start();
    isReading = true;
    runWithPauses(keepEveryMs, tryToKeep, context, keepEveryMs);
  }

  const keep = () => writeKeptFigures(file, brokers, tally.keep());

  /** Stores the figures. A full disk must not stop the shop, so an error is only logged, once. */
  async function tryToKeep(): Promise<void> {
    try {
      keep();
      isKept = true;
    } catch (error) {
      if (isKept) say(`cannot store the figures: ${describeError(error)}`);
      isKept = false;
    }
  }

  /** Reads FINAL_INVENTORY: one object per product, with lower-case columns. Null when ksqlDB does not answer. */
  async function readInventory(): Promise<Record<string, unknown>[] | null> {
    const ksqldb = createKsqldbClient(readKsqldbSettings(env), { timeoutMs: 30_000 });
    try {
      const { columnNames, rows } = await ksqldb.pull('SELECT * FROM FINAL_INVENTORY;');
      return rows.map((row) => Object.fromEntries(columnNames.map((name, index) => [name.toLowerCase(), row[index]])));
    } catch (error) {
      say(`cannot read the inventory from ksqlDB: ${describeError(error)}`);
      return null;
    } finally {
      ksqldb.close();
    }
  }

  void begin().catch((error: unknown) => {
    if (!signal.aborted) context.fail(error);
  });

  return {
    describe: () => describeFigures(tally.figures()),
    async result() {
      const first = tally.firstShipmentAt();
      return {
        ...tally.figures(),
        first_shipment_s: first === undefined ? null : Math.round((first - since) / 100) / 10,
        inventory: await readInventory(),
      };
    },
    async close() {
      try {
        await closers.closeAll();
      } finally {
        // If Kafka never answered, keep the last start's figures.
        if (isReading) keep();
      }
    },
  };
}
