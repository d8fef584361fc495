import { partitionOf } from '@shop/common';
import type { CustomerAnswer } from './look-up-customers.ts';

/** A change of a customer as Debezium has streamed it. */
export interface StreamedChange {
  customerId: number;
  /** When Postgres committed it, ms since 1970. */
  committedAt: number;
  /** When the connector handled it, ms since 1970: what ksqlDB's CHANGED_AT says. */
  handledAt: number;
}

/** Changes committed up to this time (ms since 1970, Postgres' clock) have come through where this customer's would be. */
export type ReachedFor = (customerId: number) => number;

/**
 * How far the way Postgres → Debezium → Kafka → ksqlDB is seen to be alive. A customer who is missing in ksqlDB may
 * still be on that way; only when changes that were committed later have come through, in the same partition of the
 * customers topic, can the customer not be behind them any more. While the way is interrupted this clock stands still, and
 * what then comes through of a backlog moves it no further than the backlog's own age.
 */
export interface PipelineClock {
  /** Takes note of how many partitions the customers topic has. */
  notePartitions(count: number): void;
  /** Takes note of a change in the customers topic. */
  noteChange(partition: number, change: StreamedChange): void;
  /** Ids to look up along with others: those whose rows would show progress. */
  probes(): number[];
  /** Takes note of what ksqlDB answered for the probes. */
  observe(customers: ReadonlyMap<number, CustomerAnswer>): void;
  /** The time as it is now. Read it before a look-up: what that look-up shows may be newer than the rows it found. */
  read(): ReachedFor;
}

export function createPipelineClock(): PipelineClock {
  /** By partition: the change that is waited for, and the newest one, which is the next. */
  const awaited = new Map<number, StreamedChange>();
  const newest = new Map<number, StreamedChange>();
  let reached: ReadonlyMap<number, number> = new Map();
  /** Numbers of partitions of the topic: the connector may write by a former number for some seconds. */
  const partitionCounts = new Set<number>();

  return {
    notePartitions(count) {
      // Fewer than before: the topic was deleted and recreated.
      for (const former of partitionCounts) if (former > count) partitionCounts.delete(former);
      partitionCounts.add(count);
    },
    noteChange(partition, change) {
      newest.set(partition, change);
      // Kept until it is seen: of a busy partition the newest change is always still on its way.
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

/** Where the connector's producer puts a customer: the key is the id as JSON. */
const customerPartition = (customerId: number, partitions: number) => partitionOf(String(customerId), partitions);
