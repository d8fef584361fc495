import type { ListedEvent } from '../../../src/messages/events.ts';
import { type Fields, fields } from './read-fields.ts';

/** A step on the way of an order or of a customer's change, at the time that a message gives for it. */
interface Hop {
  name: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Milliseconds since the order was placed or the change committed; `null` for that step, and when its time is unknown. */
  after: number | null;
}

/** Name of a step, and its time as the message has it. */
type Step = [name: string, time: unknown];

const steps: Record<string, (value: Fields, event: ListedEvent) => Step[]> = {
  'dummy.public.customers': ({ op, source, ts_ms }, { timestamp }) => [
    [op === 'r' ? 'read by the snapshot of Debezium' : 'committed by Postgres', fields(source)['ts_ms']],
    ['captured by Debezium', ts_ms],
    ['in Kafka', timestamp],
  ],
  customer_orders: ({ ordered_at }, { timestamp }) => [
    ['ordered', ordered_at],
    ['in Kafka', timestamp],
  ],
  orders_waiting: (_value, { headers, timestamp }) => [
    ['read by shipping, which does not find the customer in ksqlDB', headers?.['waiting.first_seen']],
    ['in Kafka, to wait', timestamp],
  ],
  shipments: ({ lookup_started_at, looked_up_at, shipped_at, status }, { timestamp }) => [
    ['shipping asks ksqlDB for the address', lookup_started_at],
    ['ksqlDB has answered', looked_up_at],
    [status === 'delivered' ? 'shipped' : 'found undeliverable', shipped_at],
    ['in Kafka', timestamp],
  ],
  dead_letters: (_value, { headers, timestamp }) => [
    ['set aside', headers?.['dead_letter.time']],
    ['in Kafka', timestamp],
  ],
};

/** The steps that a message gives a time for, in their order. */
export function findHops(event: ListedEvent): Hop[] {
  const value = fields(event.value);
  const start = toMs(value['ordered_at'] ?? fields(value['source'])['ts_ms']);
  return (steps[event.topic]?.(value, event) ?? []).flatMap(([name, time], index) => {
    const at = toMs(time);
    if (at === null) return [];
    const isStart = index === 0 && at === start;
    return [{ name, at, after: start === null || isStart ? null : at - start }];
  });
}

/** Reads ISO 8601, or milliseconds since 1970. */
function toMs(time: unknown): number | null {
  const ms = typeof time === 'string' || typeof time === 'number' ? new Date(time).getTime() : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
