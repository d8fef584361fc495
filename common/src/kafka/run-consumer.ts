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

/**
 * Keeps a consumer running: kafkajs leaves one that crashed for good (a fenced producer, a broker away for long) alive
 * and idle. Here it is closed and a new one made, with back-off, until the signal of the context ends it.
 */
export async function runConsumer(
  { kafka, config, start }: ConsumerPlan,
  context: Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'fail'>,
): Promise<RunningConsumer> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  let current: Consumer | undefined;
  let opening: Promise<void> = Promise.resolve();

  async function open(): Promise<void> {
    const { retry, ...rest } = typeof config === 'function' ? config() : config;
    const consumer = kafka.consumer({
      ...rest,
      retry: { retries: 5, ...retry, restartOnFailure: async () => false },
    });
    current = consumer;
    consumer.on(consumer.events.CRASH, (event) => void replace(consumer, event).catch(context.fail));
    try {
      await consumer.connect();
      await start(consumer);
    } catch (error) {
      await consumer.disconnect();
      throw error;
    }
  }

  async function replace(crashed: Consumer, { payload: { error, groupId } }: ConsumerCrashEvent): Promise<void> {
    if (signal.aborted || crashed !== current) return;
    context.logger.warn({ err: error, group: groupId }, 'the consumer crashed and is made anew');
    context.report.noteError(error);
    current = undefined;
    await crashed.disconnect();
    opening = keepOpening();
    await opening;
  }

  async function keepOpening(): Promise<void> {
    try {
      await waitUntilDone('Kafka consumer', open, { ...context, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async function leave(): Promise<void> {
    await opening;
    await current?.disconnect();
  }

  opening = keepOpening();
  await opening;
  return {
    async stop() {
      stopping.abort(new Error('the consumer is stopped'));
      await Promise.race([leave(), delay(leaveMs, undefined, { ref: false })]);
    },
  };
}
