import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { hold } from './ksqldb.ts';

/** Longer than the time-outs of look-ups and of the consumer group. */
const silentMs = 20_000;
const resetMs = 5_000;

/** Faults of shipping-service's connections to Kafka and ksqlDB. */
export const networkFaults: Fault[] = [
  {
    name: 'cut-kafka-silent',
    what: `no byte passes between shipping-service and Kafka for ${silentMs / 1_000} s`,
    expect: 'no violation',
    brokers: 1,
    run: (shop) => cut(shop, 'silence', silentMs),
  },
  {
    name: 'cut-kafka-reset',
    what: `shipping-service's connections to Kafka are reset for ${resetMs / 1_000} s`,
    expect: 'no violation',
    brokers: 1,
    run: (shop) => cut(shop, 'reset', resetMs),
  },
  hold(
    'cut-ksqldb-silent',
    `no byte passes between shipping-service and ksqlDB for ${silentMs / 1_000} s`,
    { kind: 'hang' },
    silentMs,
  ),
];

async function cut({ kafkaProxy, pause }: FaultShop, how: 'silence' | 'reset', ms: number): Promise<void> {
  kafkaProxy[how]();
  try {
    await pause(ms);
  } finally {
    kafkaProxy.repair();
  }
}
