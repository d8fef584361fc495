import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from '@shop/test-support';

/**
 * Stops a process while its topics are filled, so that it then finds all messages at once.
 *
 * @returns when it continued, ms since 1970
 */
export async function fillWhileStopped(process: ServiceProcess, fill: () => Promise<void>): Promise<number> {
  process.kill('SIGSTOP');
  await fill();
  await delay(200);
  process.kill('SIGCONT');
  return Date.now();
}
