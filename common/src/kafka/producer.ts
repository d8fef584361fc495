import { type Kafka, Partitioners, type Producer, type RetryOptions } from 'kafkajs';

/** Forever, up to 3 s apart. */
export const endlessRetry: RetryOptions = {
  initialRetryTime: 100,
  maxRetryTime: 3_000,
  retries: Number.MAX_SAFE_INTEGER,
};

/**
 * A producer whose batches Kafka writes exactly once, acknowledged by all replicas. `send` retries forever while a broker
 * answers late or with an error. It retries without any broker only when the client has `endlessRetry`, which alone sets the
 * retries of connections.
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
