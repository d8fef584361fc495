import { setInterval } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';

const everyMs = 1_000;

/**
 * Runs work that may take long, for example while ksqlDB is unavailable, without losing the membership of the group. The signal
 * of the work aborts when a heartbeat fails (the group rebalances) or the service ends.
 */
export async function keepHeartbeat<T>(
  { heartbeat }: Pick<EachBatchPayload, 'heartbeat'>,
  work: (signal: AbortSignal) => Promise<T>,
  ending: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const failed = new AbortController();
  const beating = beat(heartbeat, over.signal).catch((error) => failed.abort(error));
  try {
    return await work(AbortSignal.any([failed.signal, ending]));
  } catch (error) {
    // The lost membership is the cause; the error of the work is its effect.
    throw failed.signal.aborted ? failed.signal.reason : error;
  } finally {
    over.abort();
    await beating;
  }
}

async function beat(heartbeat: () => Promise<void>, over: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(everyMs, undefined, { signal: over })) await heartbeat();
  } catch (error) {
    if (!over.aborted) throw error;
  }
}
