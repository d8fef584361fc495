import { mayStatementSucceedLater, runEvery, type ServiceContext, ShopError, waitUntilDone } from '@shop/common';
import { SampleEmpty, type SampleReader } from './read-sample.ts';
import { emptySample, type SampleView } from './sample.ts';

/** Maximum time until a new customer can order and a deleted one no longer does. */
const refreshMs = 1_000;

/**
 * Refreshes the sample until the service ends. While Postgres is unavailable, the customers of the last sample continue
 * to order: none of them can be deleted meanwhile. While a table is empty, no order is created.
 */
export function keepSample(view: SampleView, reader: SampleReader, context: ServiceContext): void {
  runEvery(
    refreshMs,
    () => waitUntilDone('Postgres', refresh, context, { canRetry, longestDelayMs: refreshMs }),
    context,
  );

  async function refresh(): Promise<void> {
    try {
      view.show(await reader.read());
    } catch (error) {
      if (error instanceof SampleEmpty) view.show(emptySample);
      throw error;
    }
  }
}

const canRetry = (error: unknown) => (error instanceof ShopError ? error.canRetry : mayStatementSucceedLater(error));
