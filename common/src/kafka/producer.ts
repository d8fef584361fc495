import { type Kafka, Partitioners, type Producer } from 'kafkajs';

/**
 * A producer whose batches Kafka takes exactly once, acknowledged by all replicas. It keeps trying while the broker is
 * away, so that `send` ends only with success or with an error that no waiting mends.
 */
export function createIdempotentProducer(kafka: Kafka): Producer {
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 100, maxRetryTime: 3_000, retries: Number.MAX_SAFE_INTEGER },
  });
}
