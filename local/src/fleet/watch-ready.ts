import { pause } from '@shop/common';
import { z } from 'zod';

const healthAnswer = z.object({ state: z.string(), waiting_for: z.array(z.string()).default([]) });

/** `ready`, or what keeps a service from it: `waits for ksqlDB`, `does not answer yet`. */
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

/** True when the service says it is ready, false when the signal comes first; tells `onSlow` now and then what it is waiting for. */
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
