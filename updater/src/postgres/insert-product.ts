import type { Pool } from 'pg';

/** Inserts a product with the next id. @returns nothing when there is a product with this name, or as many as `most` */
export async function insertProduct(pool: Pool, product: string, most: number): Promise<number | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO products (id, product)
     SELECT coalesce(max(id), 0) + 1, $1 FROM products HAVING count(*) < $2
     ON CONFLICT DO NOTHING
     RETURNING id`,
    [product, most],
  );
  return rows[0] && Number(rows[0].id);
}
