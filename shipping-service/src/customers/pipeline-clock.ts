import { partitionOf } from '@shop/common';
import type { CustomerAnswer } from './look-up-customers.ts';

/** A change of a customer that Debezium streamed. */
export interface StreamedChange {
  customerId: number;
  /** When Postgres committed it, ms since 1970. */
  committedAt: number;
  /** When the connector handled it, ms since 1970: CHANGED_AT in ksqlDB. */
  handledAt: number;
}

/** Returns the time (ms since 1970, Postgres' clock) up to which ksqlDB has the changes of this customer's partition. */
export type ReachedFor = (customerId: number) => number;

/**
 * Measures the progress of the pipeline Postgres → Debezium → Kafka → ksqlDB. A customer who is missing in ksqlDB may still
 * be in the pipeline. That is ruled out when ksqlDB shows a change that was committed later, in the same partition of the
 * customers topic. While the pipeline is interrupted, this clock stops. The backlog after it moves the clock only to the time
 * at which the backlog was committed.
 */
export interface PipelineClock {
  /** Sets the number of partitions of the customers topic. */
  notePartitions(count: number): void;
  /** Records a change in the customers topic. */
  noteChange(partition: number, change: StreamedChange): void;
  /** Ids to look up besides the orders' ids: their rows show progress. */
  probes(): number[];
  /** Records ksqlDB's answer for the probes. */
  observe(customers: ReadonlyMap<number, CustomerAnswer>): void;
  /** Returns the current time. Read it before a look-up, because the look-up may show newer progress than the rows it found. */
  read(): ReachedFor;
}

export function createPipelineClock(): PipelineClock {
  /** By partition: the change that ksqlDB should show next, and the newest one, which follows it. */
  const awaited = new Map<number, StreamedChange>();
  const newest = new Map<number, StreamedChange>();
  let reached: ReadonlyMap<number, number> = new Map();
  /** Current and former numbers of partitions: after a change, the connector uses the former one for some seconds. */
  const partitionCounts = new Set<number>();

  return {
    notePartitions(count) {
      // Fewer partitions than before: the topic was deleted and recreated.
      for (const former of partitionCounts) if (former > count) partitionCounts.delete(former);
      partitionCounts.add(count);
    },
    noteChange(partition, change) {
      newest.set(partition, change);
      // Keep it until ksqlDB shows it: the newest change of a busy partition is never there yet.
      if (!awaited.has(partition)) awaited.set(partition, change);
    },
    probes: () => [...new Set([...awaited.values(), ...newest.values()].map(({ customerId }) => customerId))],
    observe(customers) {
      const isThrough = ({ customerId, handledAt }: StreamedChange) =>
        (customers.get(customerId)?.changedAt ?? Number.NEGATIVE_INFINITY) >= handledAt;
      const next = new Map(reached);
      for (const [partition, latest] of newest) {
        const first = awaited.get(partition) ?? latest;
        const seen = isThrough(latest) ? latest : isThrough(first) ? first : undefined;
        if (!seen) continue;
        next.set(partition, Math.max(seen.committedAt, next.get(partition) ?? 0));
        if (seen === latest) awaited.delete(partition);
        else awaited.set(partition, latest);
      }
      reached = next;
    },
    read() {
      const now = reached;
      const counts = [...partitionCounts];
      if (counts.length === 0) return () => 0;
      return (customerId) =>
        Math.min(...counts.map((partitions) => now.get(customerPartition(customerId, partitions)) ?? 0));
    },
  };
}

/** Returns the partition that the connector's producer chooses for a customer: the key is the id as JSON. */
const customerPartition = (customerId: number, partitions: number) => partitionOf(String(customerId), partitions);
