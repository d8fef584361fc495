import { LRUCache } from 'lru-cache';

/** Commands that one address may send at once … */
const burst = 10;
/** … and how many it may send a second in the long run. */
const perSecond = 2;
/** Addresses that are remembered. */
const mostAddresses = 1_000;

/** Limits how often an address may do something. @returns whether it may now */
export function createRateLimit(now: () => number = () => performance.now()): (address: string) => boolean {
  const known = new LRUCache<string, { left: number; at: number }>({ max: mostAddresses });
  return (address) => {
    const before = known.get(address) ?? { left: burst, at: now() };
    const left = Math.min(burst, before.left + ((now() - before.at) / 1_000) * perSecond);
    const isAllowed = left >= 1;
    known.set(address, { left: isAllowed ? left - 1 : left, at: now() });
    return isAllowed;
  };
}
