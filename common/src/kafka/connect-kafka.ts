import {
  type Consumer,
  type ConsumerConfig,
  type Kafka,
  type KafkaConfig,
  logLevel,
  type Producer,
  type ProducerConfig,
  type SASLOptions,
} from 'kafkajs';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';
import { type KafkaSettings, readKafkaSettings } from '../settings/kafka-settings.ts';
import { ShopError } from '../shop-error.ts';
import { createSocket, toKafkajsBroker } from './broker-address.ts';
import { patchClosedClients } from './closed-clients.ts';
import { patchFencedBrokers } from './fenced-brokers.ts';
import { toKafkaError } from './kafka-error.ts';
import { patchCoordinatorLookup } from './known-coordinators.ts';
import { patchLeaderChanges } from './leader-changes.ts';
import { createKafkaLog } from './log.ts';
import { patchOffsetAnswers } from './offset-answers.ts';
import { patchReadCommitted } from './read-committed.ts';
import { patchBatchDecoding } from './record-batches.ts';
import { patchHeaderDecoding } from './record-headers.ts';
import { patchRequestCounts } from './request-counts.ts';
import { patchRequestTimers } from './request-timers.ts';
import { loadKafkajs } from './send/load-kafkajs.ts';

/** kafkajs's client, whose producers neither lose nor double messages when leaders move. */
const Client = loadKafkajs('kafkajs/src/index') as typeof Kafka;

/** How long a client uses metadata before it asks again, ms. kafkajs's default hides added partitions for five minutes. */
const metadataMaxAge = 5_000;

/** The kafkajs client for these settings; opens no connection. */
export function createKafka(
  settings: KafkaSettings,
  options: Pick<KafkaConfig, 'clientId' | 'logCreator' | 'retry'> = {},
): Kafka {
  patchRequestCounts();
  patchRequestTimers();
  patchCoordinatorLookup();
  patchLeaderChanges();
  patchFencedBrokers();
  patchClosedClients();
  patchOffsetAnswers();
  patchBatchDecoding();
  patchHeaderDecoding();
  patchReadCommitted();
  const { brokers, tls, sasl } = settings;
  const client = new Client({
    ...options,
    brokers: brokers.map(toKafkajsBroker),
    socketFactory: createSocket,
    logLevel: options.logCreator ? logLevel.INFO : logLevel.NOTHING,
    connectionTimeout: 15_000,
    authenticationTimeout: 30_000,
    ...(tls && {
      ssl: {
        ...(tls.ca !== undefined && { ca: [tls.ca] }),
        ...(!tls.checkHostName && { checkServerIdentity: () => undefined }),
        ...(tls.client && { cert: tls.client.certificate, key: tls.client.key }),
      },
    }),
    ...(sasl && { sasl: sasl as SASLOptions }),
  });
  const { consumer, producer } = client;
  return Object.assign(client, {
    consumer: (config: ConsumerConfig): Consumer => consumer.call(client, { metadataMaxAge, ...config }),
    producer: (config?: ProducerConfig): Producer => producer.call(client, { metadataMaxAge, ...config }),
  });
}

/**
 * Reads config/kafka.config, logs its keys that the shop does not read, and waits until a broker answers.
 *
 * @throws SettingError, or ShopError when Kafka refuses login or certificate: one line with file and key
 */
export async function connectKafka(context: ServiceContext): Promise<{ kafka: Kafka; settings: KafkaSettings }> {
  const settings = readKafkaSettings(context.env);
  if (settings.unreadKeys)
    context.logger.info({ file: 'config/kafka.config', keys: settings.unreadKeys }, 'keys that the shop does not read');
  const kafka = createKafka(settings, {
    clientId: `${context.name}-${context.instance}`,
    logCreator: createKafkaLog(context.logger),
  });
  await waitUntilDone('Kafka', () => askForBrokers(kafka, settings), context);
  return { kafka, settings };
}

/**
 * Asks each broker of the settings once until one answers, before the start of a program that does not explain why Kafka
 * refuses a login or certificate. Brokers that do not answer cause no error: that program waits for them.
 *
 * @throws ShopError when the settings must be changed
 */
export async function checkKafkaSettings(settings: KafkaSettings): Promise<void> {
  // Without it, kafkajs retries for 9 s before it gives up.
  const retry = { retries: settings.brokers.length - 1, initialRetryTime: 100 };
  try {
    await askForBrokers(createKafka(settings, { clientId: 'settings-check', retry }), settings);
  } catch (error) {
    if (error instanceof ShopError && error.isSetting) throw error;
  }
}

async function askForBrokers(kafka: Kafka, settings: KafkaSettings): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    await admin.describeCluster();
  } catch (error) {
    throw toKafkaError(error, settings);
  } finally {
    await admin.disconnect();
  }
}
