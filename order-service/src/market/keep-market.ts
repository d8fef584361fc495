import { mayStatementSucceedLater, runEvery, type ServiceContext, ShopError, waitUntilDone } from '@shop/common';
import { emptyMarket, type MarketView } from './market.ts';
import { MarketEmpty, type MarketReader } from './read-market.ts';

/** So soon a new customer can order, and a deleted one no longer. */
const refreshMs = 1_000;

/**
 * Keeps the view of the market fresh until the service ends. While Postgres is away, orders go on with what was seen
 * last: nobody can be deleted meanwhile. While a table is empty, there is nobody to order, or nothing.
 */
export function keepMarket(view: MarketView, reader: MarketReader, context: ServiceContext): void {
  runEvery(refreshMs, () => waitUntilDone('Postgres', look, context, { canRetry, longestDelayMs: refreshMs }), context);

  async function look(): Promise<void> {
    try {
      view.show(await reader.read());
    } catch (error) {
      if (error instanceof MarketEmpty) view.show(emptyMarket);
      throw error;
    }
  }
}

const canRetry = (error: unknown) => (error instanceof ShopError ? error.canRetry : mayStatementSucceedLater(error));
