import type { Fault } from '../fault.ts';
import { services } from '../shop/fault-shop.ts';

const frozenMs = 30_000;
/** Longer than the sessions of every group and broker, a transaction of shipping and a request of kafkajs. FROZEN_MS: minutes of a lid. */
const everythingFrozenMs = Number(process.env['FROZEN_MS'] ?? 60_000);
const quick = ['ksqldb', 'shipping-service'];

/** Each service is killed, and each is stopped for so long that its peers consider it dead. */
export const processFaults: Fault[] = [
  ...services.map(
    (name): Fault => ({
      name: `kill-${name}`,
      what: `kill -9 of ${name}`,
      expect: 'no violation',
      quick: quick.includes(name),
      run: (shop) => shop.killAndAwait(name),
    }),
  ),
  ...services.map(freeze),
  {
    name: 'freeze-everything',
    what: `SIGSTOP of every process of the shop, as a laptop's lid does, SIGCONT after ${everythingFrozenMs / 1_000} s`,
    expect: 'no violation',
    run: (shop) => shop.freezeEverything(everythingFrozenMs),
  },
];

/** Pauses a part with all its processes, then lets it continue. */
export function freeze(name: string): Fault {
  return {
    name: `freeze-${name}`,
    what: `SIGSTOP of ${name}, SIGCONT after ${frozenMs / 1_000} s`,
    expect: 'no violation',
    run: (shop) => shop.freeze(name, frozenMs),
  };
}
