import { setTimeout as delay } from 'node:timers/promises';
import type { Message, Producer } from 'kafkajs';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';
import { createKafka } from './connect-kafka.ts';
import { toKafkaError } from './kafka-error.ts';
import { createKafkaLog } from './log.ts';
import { createIdempotentProducer, endlessRetry } from './producer.ts';

/** kafkajs retries silently. An attempt that takes longer is logged, ms. */
const slowAfterMs = 3_000;
/** How long shutdown waits for the batch in flight, ms. */
const lastSendMs = 3_000;
/** How long shutdown waits for the connections to close, ms. With a broker that hangs, kafkajs never closes them. */
const disconnectMs = 1_000;

/** Sends batches one after the other, each of them once. */
export interface Sender {
  /**
   * Sends a batch, and retries while Kafka is unavailable. Call it again only after it has resolved, to keep memory bounded.
   *
   * @returns whether all replicas have the batch. If not (Kafka refused it, or the service ended before the answer), the
   * batch may have been written and must not be sent again.
   * @throws ShopError when Kafka refuses login or access
   */
  send(topic: string, messages: Message[]): Promise<boolean>;
}

/** Opens an idempotent producer that survives outages of Kafka, and closes it with the service. */
export async function openSender(settings: KafkaSettings, context: ServiceContext): Promise<Sender> {
  const { logger, report, signal } = context;
  const kafka = createKafka(settings, {
    clientId: `${context.name}-${context.instance}`,
    logCreator: createKafkaLog(logger),
    retry: endlessRetry,
  });
  let producer = await open();
  context.onClose(() => close(producer));

  async function open(): Promise<Producer> {
    const opened = createIdempotentProducer(kafka);
    await waitUntilDone('Kafka', () => opened.connect(), context, { slowAfterMs });
    return opened;
  }

  return {
    async send(topic, messages) {
      const sending = showWhenSlow(() => producer.send({ topic, messages, acks: -1 }), context);
      const grace = startGrace(signal, lastSendMs);
      try {
        const answered = await Promise.race([sending.then(() => true), grace.over]);
        if (!answered) logger.warn({ topic, messages: messages.length }, 'Kafka did not answer before the end');
        return answered;
      } catch (err) {
        const error = toKafkaError(err, settings);
        if (!error.canRetry) throw error;
        // Kafka would refuse every batch of this producer, for example after it lost the sequence number.
        logger.error({ err, topic, messages: messages.length }, 'Kafka refused a batch, recreating the producer');
        report.noteError(err);
        await close(producer);
        producer = await open();
        return false;
      } finally {
        grace.cancel();
      }
    },
  };
}

const never = new AbortController().signal;

/** One attempt, which no signal ends: a batch may have been written. */
const showWhenSlow = (attempt: () => Promise<unknown>, { logger, report }: ServiceContext) =>
  waitUntilDone('Kafka', attempt, { logger, report, signal: never }, { slowAfterMs, canRetry: () => false });

/** `over` resolves some time after the signal. Cancel it after each batch, so that no timer stays. */
function startGrace(signal: AbortSignal, ms: number): { over: Promise<false>; cancel(): void } {
  const cancelled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    const start = () => {
      timer = setTimeout(resolve, ms, false);
    };
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true, signal: cancelled.signal });
  });
  return {
    over,
    cancel() {
      cancelled.abort();
      clearTimeout(timer);
    },
  };
}

async function close(producer: Producer): Promise<void> {
  await Promise.race([producer.disconnect(), delay(disconnectMs, undefined, { ref: false })]);
}
