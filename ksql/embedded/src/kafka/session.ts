import type { KafkaSettings, ServiceContext } from '@shop/common';
import type { Kafka } from 'kafkajs';
import type { InternalNames } from './names.ts';

/** What the parts that speak to Kafka share. */
export interface KafkaSession {
  readonly kafka: Kafka;
  readonly settings: KafkaSettings;
  readonly names: InternalNames;
  readonly context: Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'fail'>;
}
