import { fileURLToPath } from 'node:url';
import { findService, readCompose } from '@shop/local';
import { readPeakMb } from '@shop/test-support';
import { type FaultShop, services } from './fault-shop.ts';
import { listTree } from './process-tree.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** @throws one error that names each service whose process ever had more memory than its container may have */
export function requireWithinLimits({ pid }: FaultShop): void {
  const compose = readCompose(checkout, {});
  const above = [...services, 'connect'].flatMap((name) => {
    const { memoryMb } = findService(compose, name === 'ksqldb' ? 'ksqldb-embedded' : name);
    const peakMb = Math.max(...listTree([pid(name)]).map((each) => readPeakMb(each) ?? 0));
    return memoryMb !== undefined && peakMb > memoryMb ? [`${name} had ${Math.round(peakMb)} of ${memoryMb} MB`] : [];
  });
  if (above.length > 0) throw new Error(`more memory than mem_limit: ${above.join(', ')}`);
}
