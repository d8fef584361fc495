import type { FaultLine } from '../../../src/messages/commands.ts';
import type { AuditLine } from '../../../src/messages/picture.ts';
import { count, duration, time } from './format.ts';

/** What keeps the promises when a service fails, and the file that does it. */
interface Reason {
  text: string;
  file: string;
}

const reasons: Record<string, Reason> = {
  'shipping-service': {
    text: 'One Kafka transaction holds the shipments and the offsets of their orders. A crash aborts it, and the next process reads the orders again.',
    file: 'shipping-service/src/kafka/partition-session.ts',
  },
  'shipping-service freeze': {
    text: 'Another instance that takes over a partition fences the frozen one: both use the transactional id of the partition. The frozen one can no longer commit, so no order is shipped twice.',
    file: 'shipping-service/src/kafka/partition-session.ts',
  },
  'order-service': {
    text: 'An order counts once Kafka has acknowledged it. A crash ends no order that was acknowledged, and the idempotent producer writes none twice.',
    file: 'order-service/src/orders/produce-orders.ts',
  },
  updater: {
    text: 'One Postgres transaction holds all changes of a round. Postgres rolls back when the connection closes, so no half of a round is visible.',
    file: 'updater/src/postgres/in-transaction.ts',
  },
  'refill-inventory': {
    text: 'ksqlDB adds up the refills that are in the topic. A crash ends one round and no refill that Kafka has acknowledged.',
    file: 'ksql/statements/02-refills.ksql',
  },
  kafka: {
    text: 'Kafka writes a message to its log before it acknowledges it. Services keep what was not acknowledged, and send it when Kafka answers again.',
    file: 'common/src/kafka/sender.ts',
  },
  connect: {
    text: 'A replication slot in Postgres keeps every change until Debezium has written it to Kafka.',
    file: 'connect/debezium_source_conn/customers.json',
  },
  postgres_start: {
    text: 'Postgres writes a transaction to its log before it confirms it. updater and order-service wait until it answers again.',
    file: 'updater/src/postgres/in-transaction.ts',
  },
  ksqldb: {
    text: 'shipping-service ships nothing without the answer of ksqlDB. It waits, and ksqlDB fills its tables from the topics again.',
    file: 'shipping-service/src/customers/look-up-customers.ts',
  },
  connector: {
    text: 'Debezium runs in Kafka Connect, and continues at the position of its replication slot. This service only registers, watches and repairs it.',
    file: 'connect/debezium_source_conn/customers.json',
  },
};

/** Why the promises hold when a service crashes or freezes. */
export const explainFault = (service: string, fault: FaultLine['fault']): Reason | undefined =>
  reasons[`${service} ${fault}`] ?? reasons[service];

/** One line of a fault's report. */
interface Finding {
  name: string;
  value: string;
  look: 'good' | 'unsure' | 'bad';
}

/**
 * What a fault meant so far: how long the service was down, and whether the audit found a promise broken since.
 *
 * @param now the server's clock, ms since 1970
 */
export function reportFault(fault: FaultLine, audit: readonly AuditLine[], now: number): Finding[] {
  const { since, recovered_at, caught_up_at, most_waiting } = fault;
  const down: Finding =
    recovered_at === null
      ? { name: 'down since', value: `${time(since)}, ${duration(Math.max(0, now - since))}`, look: 'bad' }
      : { name: 'recovered in', value: duration(Math.max(0, recovered_at - since)), look: 'good' };
  const caughtUp = caught_up_at === null ? '' : `, all shipped after ${duration(caught_up_at - since)}`;
  return [
    down,
    {
      name: 'orders that waited',
      value: `${count(most_waiting)} at most${caughtUp}`,
      look: caughtUp ? 'good' : 'unsure',
    },
    countBroken('lost', audit, 'P1', caught_up_at),
    countBroken('shipped twice', audit, 'P2', caught_up_at),
    countKept(audit, caught_up_at),
  ];
}

/** A result counts when the audit made it after the orders that waited were shipped. */
const isSince = (line: AuditLine, since: number | null) => since !== null && line.at >= since;

const notYet = 'the audit checks it when the orders are shipped';

function countBroken(name: string, audit: readonly AuditLine[], check: string, since: number | null): Finding {
  const line = audit.find((each) => each.check === check);
  if (!line || !isSince(line, since) || line.verdict === 'unknown') return { name, value: notYet, look: 'unsure' };
  return { name, value: count(line.violations), look: line.verdict === 'kept' ? 'good' : 'bad' };
}

function countKept(audit: readonly AuditLine[], since: number | null): Finding {
  const checked = audit.filter((line) => isSince(line, since) && line.verdict !== 'unknown');
  const kept = checked.filter(({ verdict }) => verdict === 'kept').length;
  const value = checked.length === 0 ? notYet : `${kept} of ${checked.length} that were checked since`;
  const look = checked.length === 0 ? 'unsure' : kept === checked.length ? 'good' : 'bad';
  return { name: 'promises kept', value, look };
}
