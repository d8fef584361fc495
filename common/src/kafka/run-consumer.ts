import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, ConsumerCrashEvent, Kafka } from 'kafkajs';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';

/** Time to leave the group, ms. Without a broker, kafkajs would use up all of the time that the service has to stop. */
const leaveMs = 4_000;

export interface ConsumerPlan {
  kafka: Kafka;
  /** A function when every new consumer needs its own configuration. */
  config: ConsumerConfig | (() => ConsumerConfig);
  /** Subscribes and runs; called again for every new consumer. */
  start(consumer: Consumer): Promise<void>;
}

export interface RunningConsumer {
  /** Finishes the batch in progress, leaves the group and disconnects. */
  stop(): Promise<void>;
}

type Crash = ConsumerCrashEvent['payload'];

/** A consumer that was started. */
interface Opened {
  consumer: Consumer;
  /** Resolves when kafkajs gives up. */
  crashed: Promise<Crash>;
  /** Resolves when it has read, and what it read was handled. */
  reads: Promise<undefined>;
}

/**
 * Keeps a consumer running. After some crashes (a fenced producer, a broker unavailable for long) kafkajs leaves the consumer
 * idle. Here it is closed and replaced, with back-off until the new one has read a batch.
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

  /** The back-off grows while consumers crash before they read anything. */
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

/** Starts the next fetch from a broker only when the messages of the last one are handled. */
function whenReading(consumer: Consumer): Promise<undefined> {
  const brokers = new Set<number>();
  return new Promise((resolve) =>
    consumer.on(consumer.events.FETCH_START, ({ payload: { nodeId } }) => {
      if (brokers.has(nodeId)) resolve(undefined);
      brokers.add(nodeId);
    }),
  );
}
