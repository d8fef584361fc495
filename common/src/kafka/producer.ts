import { type Kafka, Partitioners, type Producer, type RetryOptions } from 'kafkajs';

/** For ever, up to 3 s apart. */
export const endlessRetry: RetryOptions = {
  initialRetryTime: 100,
  maxRetryTime: 3_000,
  retries: Number.MAX_SAFE_INTEGER,
};

/**
 * A producer whose batches Kafka takes exactly once, acknowledged by all replicas. `send` tries for ever while a broker
 * answers badly or late; only a client made with `endlessRetry` also does so while no broker can be reached: kafkajs
 * takes the retries of connections from there alone.
 */
export function createIdempotentProducer(kafka: Kafka): Producer {
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: endlessRetry,
  });
}
