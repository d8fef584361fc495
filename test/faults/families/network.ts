import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';

const silentMs = 30_000;
const resetMs = 5_000;

/** Lines between shipping-service and its two peers. */
export const networkFaults: Fault[] = [
  {
    name: 'cut-kafka-silent',
    what: `no byte passes between shipping-service and Kafka for ${silentMs / 1_000} s`,
    expect: 'no violation',
    run: (shop) => cut(shop, 'silence', silentMs),
  },
  {
    name: 'cut-kafka-reset',
    what: `shipping-service's connections to Kafka are reset for ${resetMs / 1_000} s`,
    expect: 'no violation',
    run: (shop) => cut(shop, 'reset', resetMs),
  },
  {
    name: 'cut-ksqldb-silent',
    what: `no byte passes between shipping-service and ksqlDB for ${silentMs / 1_000} s`,
    expect: 'no violation',
    async run(shop) {
      shop.ksqldbProxy.setMode({ kind: 'hang' });
      try {
        await shop.pause(silentMs);
      } finally {
        shop.ksqldbProxy.setMode({ kind: 'pass' });
      }
    },
  },
];

async function cut({ kafkaProxy, pause }: FaultShop, how: 'silence' | 'reset', ms: number): Promise<void> {
  kafkaProxy[how]();
  try {
    await pause(ms);
  } finally {
    kafkaProxy.mend();
  }
}
