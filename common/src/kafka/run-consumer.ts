import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, ConsumerCrashEvent, Kafka } from 'kafkajs';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';

/** What leaving the group may take, in ms: with the broker gone at the same moment, kafkajs would use up all the time to stop. */
const leaveMs = 4_000;

export interface ConsumerPlan {
  kafka: Kafka;
  /** A function when every new consumer needs a configuration of its own. */
  config: ConsumerConfig | (() => ConsumerConfig);
  /** Subscribes and starts to run; called anew for every new consumer. */
  start(consumer: Consumer): Promise<void>;
}

export interface RunningConsumer {
  /** Leaves the group and disconnects, after what is being handled. */
  stop(): Promise<void>;
}

type Crash = ConsumerCrashEvent['payload'];

/** A consumer that was started. */
interface Opened {
  consumer: Consumer;
  /** Resolves when kafkajs gives it up. */
  crashed: Promise<Crash>;
  /** Resolves when it has read, and what it read was handled. */
  reads: Promise<undefined>;
}

/**
 * Keeps a consumer running: kafkajs leaves one that crashed for good (a fenced producer, a broker away for long) alive
 * and idle. Here it is closed and a new one made, with back-off until one has read, until the signal of the context ends it.
 */
export async function runConsumer(
  { kafka, config, start }: ConsumerPlan,
  context: Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'fail'>,
): Promise<RunningConsumer> {
  const { logger, report, fail } = context;
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  let current: Consumer | undefined;

  async function open(): Promise<Opened> {
    const { retry, ...rest } = typeof config === 'function' ? config() : config;
    const consumer = kafka.consumer({
      ...rest,
      retry: { retries: 5, ...retry, restartOnFailure: async () => false },
    });
    current = consumer;
    const opened = { consumer, crashed: whenCrashed(consumer), reads: whenReading(consumer) };
    try {
      await consumer.connect();
      await start(consumer);
      return opened;
    } catch (error) {
      await consumer.disconnect();
      throw error;
    }
  }

  /** One that crashes before it has read anything is no better than none. */
  async function openReading(): Promise<Opened> {
    const opened = await open();
    const crash = await Promise.race([opened.reads, opened.crashed]);
    if (!crash) return opened;
    await opened.consumer.disconnect();
    throw crash.error;
  }

  async function keepOpening(attempt: () => Promise<Opened>): Promise<Opened | undefined> {
    try {
      return await waitUntilDone('Kafka consumer', attempt, { logger, report, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      return undefined;
    }
  }

  let opening = keepOpening(open);

  async function keepReading(first: Opened | undefined): Promise<void> {
    for (let opened = first; opened; opened = await opening) {
      const { error, groupId } = await opened.crashed;
      if (signal.aborted) return;
      logger.warn({ err: error, group: groupId }, 'consumer crashed, restarting it');
      report.noteError(error);
      current = undefined;
      await opened.consumer.disconnect();
      opening = keepOpening(openReading);
    }
  }

  async function leave(): Promise<void> {
    await opening;
    await current?.disconnect();
  }

  void keepReading(await opening).catch(fail);
  return {
    async stop() {
      stopping.abort(new Error('the consumer is stopped'));
      await Promise.race([leave(), delay(leaveMs, undefined, { ref: false })]);
    },
  };
}

const whenCrashed = (consumer: Consumer): Promise<Crash> =>
  new Promise((resolve) => consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload)));

/** A second fetch from a broker is only begun when what came with the first one was handled. */
function whenReading(consumer: Consumer): Promise<undefined> {
  const brokers = new Set<number>();
  return new Promise((resolve) =>
    consumer.on(consumer.events.FETCH_START, ({ payload: { nodeId } }) => {
      if (brokers.has(nodeId)) resolve(undefined);
      brokers.add(nodeId);
    }),
  );
}
