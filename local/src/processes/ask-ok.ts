import { limitTime } from '@shop/common';

/** Maximum time for an answer, ms. */
const answerMs = 30_000;

/** Sends a GET to a process on loopback. @throws when there is no answer, or its status is not 2xx */
export async function askOk(port: number, path: string, signal: AbortSignal): Promise<void> {
  const { ok, status } = await limitTime(answerMs, signal, async (limit) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: limit });
    await answer.arrayBuffer();
    return answer;
  });
  if (!ok) throw new Error(`${path} answers ${status}`);
}
