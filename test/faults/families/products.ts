import { randomUUID } from 'node:crypto';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { readShownProducts, type ShownProduct } from '../shop/page.ts';

/** Other users of the database change what the shop sells. */
export const productFaults: Fault[] = [
  {
    name: 'products-changed',
    what: 'a product is added, renamed and deleted; the page shows it as ordered and refilled, then as no longer sold',
    expect: 'no violation',
    async run(shop) {
      const { postgres } = shop;
      const added = `kite ${randomUUID().slice(0, 8)}`;
      const renamed = `${added}, red`;
      const { rows } = await postgres.query<{ id: string }>(
        'INSERT INTO products (id, product) SELECT max(id) + 1, $1 FROM products RETURNING id',
        [added],
      );
      const id = rows[0]?.id;
      try {
        await untilShown(shop, added, isTraded);
        await postgres.query('UPDATE products SET product = $2 WHERE id = $1', [id, renamed]);
        await untilShown(shop, renamed, isTraded);
        await untilShown(shop, added, isLeft);
      } finally {
        await postgres.query('DELETE FROM products WHERE id = $1', [id]);
      }
      await untilShown(shop, renamed, isLeft);
    },
  },
];

const isTraded = ({ refilled, ordered, sold }: ShownProduct) => sold && refilled > 0 && ordered > 0;
const isLeft = ({ sold }: ShownProduct) => !sold;

async function untilShown(shop: FaultShop, name: string, is: (product: ShownProduct) => boolean): Promise<void> {
  await shop.until(`the stock of ${name} on the page`, async () => {
    const found = (await readShownProducts(shop)).find(({ product }) => product === name);
    if (found && is(found)) return true;
    throw new Error(`it shows ${JSON.stringify(found)}`);
  });
}
