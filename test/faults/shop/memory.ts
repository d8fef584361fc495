import { fileURLToPath } from 'node:url';
import { findService, readCompose } from '@shop/local';
import { readPeakMb } from '@shop/test-support';
import { type FaultShop, services } from './fault-shop.ts';
import { listTree } from './process-tree.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Watches the memory of every service.
 *
 * @returns a function that throws an error with each service that was restarted and each whose peak memory exceeded its
 * container's limit
 */
export function watchMemory({ pid }: FaultShop): () => void {
  const compose = readCompose(checkout, {});
  const watched = [...services, 'connect'].map((name) => ({ name, before: pid(name) }));
  return () => {
    const wrong = watched.flatMap(({ name, before }) => {
      // A service that ran out of memory was restarted, and its new process uses little.
      if (pid(name) !== before) return [`${name} was restarted`];
      const { memoryMb } = findService(compose, name === 'ksqldb' ? 'ksqldb-embedded' : name);
      const peakMb = Math.max(...listTree([before]).map((each) => readPeakMb(each) ?? 0));
      return memoryMb !== undefined && peakMb > memoryMb ? [`${name} had ${Math.round(peakMb)} of ${memoryMb} MB`] : [];
    });
    if (wrong.length > 0) throw new Error(`memory of services: ${wrong.join(', ')}`);
  };
}
