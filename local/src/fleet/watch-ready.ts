import { pause } from '@shop/common';
import { z } from 'zod';

const healthAnswer = z.object({ state: z.string(), waiting_for: z.array(z.string()).default([]) });

/** Returns `ready`, or why the service is not: `waits for ksqlDB`, `does not answer yet`. */
async function askHealth(port: number): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(10_000) });
  } catch {
    return 'does not answer yet';
  }
  const read = healthAnswer.safeParse(await answer.json().catch(() => undefined));
  if (!read.success) return `answers ${answer.status} on /health`;
  const { state, waiting_for: dependencies } = read.data;
  if (state === 'ready') return 'ready';
  return dependencies.length > 0 ? `waits for ${dependencies.join(', ')}` : `is ${state}`;
}

/** Resolves to true when the service is ready, to false on the signal. Calls `onSlow` every 15 s with the reason. */
export async function waitUntilReady(
  port: number,
  signal: AbortSignal,
  onSlow: (reason: string) => void,
): Promise<boolean> {
  let lastTold = Date.now();
  for (;;) {
    const state = await askHealth(port);
    if (state === 'ready') return true;
    if (Date.now() - lastTold > 15_000) {
      lastTold = Date.now();
      onSlow(state);
    }
    if (!(await pause(200, signal))) return false;
  }
}
