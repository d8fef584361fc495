import { setTimeout as delay } from 'node:timers/promises';
import { type Kafka, Partitioners, type Producer } from 'kafkajs';
import type { ServiceStatus } from '../contracts/service-status.ts';
import { pause } from './pause.ts';
import type { ServiceContext } from './run-service.ts';
import { waitUntilDone } from './wait-until-done.ts';

const intervalMs = 3_000;
/** Time for the last status, ms. Without Kafka, kafkajs would use up all of the time that the service has to stop. */
const lastMs = 1_500;

/**
 * Publishes the service's report to `service_status` every few seconds and once at the end. A status that cannot be
 * written is dropped, because the next one replaces it.
 */
export async function publishStatus(kafka: Kafka, topic: string, context: ServiceContext): Promise<void> {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 0 },
  });
  await waitUntilDone('Kafka', () => producer.connect(), context);
  const publishing = keepPublishing(producer, topic, context);
  context.onClose(() => Promise.race([publishLast(), delay(lastMs, undefined, { ref: false })]));

  async function publishLast(): Promise<void> {
    await publishing;
    context.report.setState(context.report.snapshot().state === 'failed' ? 'failed' : 'stopped');
    await publishOnce(producer, topic, context);
    await producer.disconnect();
  }
}

async function keepPublishing(producer: Producer, topic: string, context: ServiceContext): Promise<void> {
  do await publishOnce(producer, topic, context);
  while (await pause(intervalMs, context.signal));
}

async function publishOnce(
  producer: Producer,
  topic: string,
  { name, instance, report, logger }: ServiceContext,
): Promise<void> {
  const status: ServiceStatus = {
    service: name,
    instance,
    ...report.snapshot(),
    started_at: new Date(performance.timeOrigin).toISOString(),
    at: new Date().toISOString(),
  };
  try {
    await producer.send({ topic, messages: [{ key: `${name}/${instance}`, value: JSON.stringify(status) }] });
  } catch (err) {
    logger.debug({ err }, 'the status could not be published');
  }
}
