import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findService, readCompose } from '@shop/local';
import { type FaultShop, services } from './fault-shop.ts';
import { listTree } from './process-tree.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** @throws one error that names each service whose process ever had more memory than its container may have */
export function requireWithinLimits({ pid }: FaultShop): void {
  const compose = readCompose(checkout, {});
  const above = [...services, 'connect'].flatMap((name) => {
    const { memoryMb } = findService(compose, name === 'ksqldb' ? 'ksqldb-embedded' : name);
    const peakMb = Math.max(...listTree([pid(name)]).map(readPeakMb));
    return memoryMb !== undefined && peakMb > memoryMb ? [`${name} had ${Math.round(peakMb)} of ${memoryMb} MB`] : [];
  });
  if (above.length > 0) throw new Error(`more memory than mem_limit: ${above.join(', ')}`);
}

/** The greatest resident size of a process since its start, MB; 0 where the system does not tell. */
function readPeakMb(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch (error) {
    // Not on Linux, or the process has ended.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
