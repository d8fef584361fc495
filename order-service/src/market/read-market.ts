import { type Random, readProducts, ShopError, sampleCustomerIds } from '@shop/common';
import type { Pool } from 'pg';
import { isOpen, type Market } from './market.ts';

export interface MarketReader {
  /**
   * Looks at the market anew. What it costs depends on how many customers are asked for, not on how many there are.
   *
   * @throws ShopError `market_empty` when there are no customers or no products
   */
  read(): Promise<Market>;
}

/**
 * @param customers how many to read in one go
 * @param newcomers how many of those who registered since the last time
 */
export function createMarketReader(
  postgres: Pick<Pool, 'query'>,
  random: Random,
  limits: { customers: number; newcomers: number },
): MarketReader {
  let latestSeen: number | undefined;
  return {
    async read() {
      const customers = await sampleCustomerIds(postgres, limits.customers, random);
      const latest = await readLatest(postgres, limits.newcomers);
      const newcomers = latest.filter((id) => latestSeen !== undefined && id > latestSeen);
      const products = (await readProducts(postgres)).map(({ product }) => product);
      const market = { customers, newcomers, products };
      // An empty table counts as seen too: whoever comes next is new.
      latestSeen = Math.max(latestSeen ?? 0, latest[0] ?? 0);
      if (!isOpen(market)) throw new MarketEmpty(customers.length === 0 ? 'customers' : 'products');
      return market;
    },
  };
}

/** Nobody can order anything yet; waiting helps. */
export class MarketEmpty extends ShopError {
  constructor(table: string) {
    super('market_empty', `the table ${table} is empty`, { canRetry: true });
    this.name = 'MarketEmpty';
  }
}

/** The customers with the highest ids, highest first. */
async function readLatest(postgres: Pick<Pool, 'query'>, count: number): Promise<number[]> {
  const { rows } = await postgres.query<{ id: string }>('SELECT id FROM customers ORDER BY id DESC LIMIT $1', [count]);
  return rows.map(({ id }) => Number(id));
}
