import { Partitioners } from 'kafkajs';
import type { CustomerAnswer } from './look-up-customers.ts';

/**
 * How far the way Postgres → Debezium → Kafka → ksqlDB is seen to be alive. A customer who is missing in ksqlDB may
 * still be on that way; only when changes of a later time have come through, in the same partition of the customers
 * topic, can the customer not be behind them any more. While the way is interrupted this clock stands still.
 */
export interface PipelineClock {
  /** Takes note of a change in the customers topic. */
  noteChange(partition: number, customerId: number): void;
  /** Ids to look up along with others: those whose rows would show progress. */
  probes(): number[];
  /** Takes note of what ksqlDB answered for the probes. */
  observe(customers: ReadonlyMap<number, CustomerAnswer>): void;
  /** Changes up to this time (ms since 1970, the connector's clock) have come through where this customer's would be. */
  reachedFor(customerId: number): number;
}

export function createPipelineClock(customersTopic: string, partitionCount: number): PipelineClock {
  const lastChanged = new Map<number, number>();
  const reached = new Map<number, number>();
  const partitionOf = createPartitionOf(customersTopic, partitionCount);
  return {
    noteChange: (partition, customerId) => void lastChanged.set(partition, customerId),
    probes: () => [...lastChanged.values()],
    observe(customers) {
      for (const [partition, id] of lastChanged) {
        const changedAt = customers.get(id)?.changedAt ?? 0;
        if (changedAt > (reached.get(partition) ?? 0)) reached.set(partition, changedAt);
      }
    },
    reachedFor: (customerId) => reached.get(partitionOf(customerId)) ?? 0,
  };
}

/** Where the connector's producer puts a customer: Java's default partitioner over the key, the id as JSON. */
function createPartitionOf(topic: string, partitionCount: number): (customerId: number) => number {
  const partitioner = Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: partitionCount }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return (customerId) => partitioner({ topic, partitionMetadata, message: { key: String(customerId), value: null } });
}
