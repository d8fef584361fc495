import type { Pool } from 'pg';

export interface Product {
  id: number;
  product: string;
}

/** All products by id. One with an empty name, or one longer than a message may carry (200), is left out. */
export async function readProducts(postgres: Pick<Pool, 'query'>): Promise<Product[]> {
  const { rows } = await postgres.query<{ id: string; product: string }>(
    `SELECT id, product FROM products WHERE product <> '' AND length(product) <= 200 ORDER BY id`,
  );
  return rows.map(({ id, product }) => ({ id: Number(id), product }));
}
