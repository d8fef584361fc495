import type { KafkaSettings, ServiceContext } from '@shop/common';
import type { Kafka } from 'kafkajs';
import type { InternalNames } from './names.ts';

/** What all users of Kafka in this server share. */
export interface KafkaSession {
  readonly kafka: Kafka;
  readonly settings: KafkaSettings;
  readonly names: InternalNames;
  readonly context: Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'fail'>;
}
