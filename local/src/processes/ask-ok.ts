/** Maximum time for an answer, ms. */
const answerMs = 30_000;

/** Sends a GET to a process on loopback. @throws when there is no answer, or its status is not 2xx */
export async function askOk(port: number, path: string, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: limit });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
}
