import { createKafka, type KafkaSettings, readKafkaSettings, type ServiceContext, ShopError } from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';

export interface OpenKafka {
  kafka: Kafka;
  settings: KafkaSettings;
  admin: Admin;
}

/** Connects to Kafka without waiting for it: a user waits at the terminal. @throws ShopError, SettingError */
export async function openKafka({ name, instance, env, onClose }: ServiceContext): Promise<OpenKafka> {
  const settings = readKafkaSettings(env);
  const kafka = createKafka(settings, { clientId: `${name}-${instance}`, retry: { retries: 2 } });
  const admin = kafka.admin();
  onClose(() => admin.disconnect());
  try {
    await admin.connect();
  } catch (cause) {
    const message = `Kafka is unavailable at ${settings.brokers.join(', ')}. Does the shop run? Is --port-offset right?`;
    throw new ShopError('kafka_unavailable', message, { cause });
  }
  return { kafka, settings, admin };
}
