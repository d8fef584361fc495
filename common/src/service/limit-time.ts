/**
 * Runs work with a limited time. Not by `AbortSignal.timeout`: inside `AbortSignal.any`, Node 20 can lose it as garbage, and the
 * work would never end.
 *
 * @param work must end when its signal aborts, which it does with the given signal, or when the time is over
 */
export async function limitTime<T>(
  ms: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException(`no result within ${ms} ms`, 'TimeoutError')), ms);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
