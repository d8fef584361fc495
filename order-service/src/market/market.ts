import { once } from 'node:events';

/** Who may order what. No address: the ids are all that is ever read of a customer. */
export interface Market {
  /** A random few of all customers. */
  customers: readonly number[];
  /** Those who registered since the market was looked at before, the latest first. */
  newcomers: readonly number[];
  /** Names. */
  products: readonly string[];
}

export const emptyMarket: Market = { customers: [], newcomers: [], products: [] };

export const isOpen = ({ customers, products }: Market) => customers.length > 0 && products.length > 0;

/** The market as it was last seen, for whoever makes orders. */
export interface MarketView {
  readonly current: Market;
  /** Resolves as soon as somebody can order something. @throws the signal's reason */
  opened(signal: AbortSignal): Promise<void>;
  show(market: Market): void;
}

export function createMarketView(): MarketView {
  const shown = new EventTarget();
  let current = emptyMarket;
  return {
    get current() {
      return current;
    },
    async opened(signal) {
      while (!isOpen(current)) {
        signal.throwIfAborted();
        await once(shown, 'shown', { signal });
      }
    },
    show(market) {
      current = market;
      shown.dispatchEvent(new Event('shown'));
    },
  };
}
