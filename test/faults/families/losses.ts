import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { order, register, ship } from '../shop/parcels.ts';
import { untilRepairBegins } from '../shop/repairs.ts';

export interface Loss {
  name: string;
  what: string;
  /** Takes something away without which changes of customers are not captured. */
  lose(shop: FaultShop): Promise<void>;
}

/** So many that the updater does not delete all of them before their orders are shipped. */
const witnesses = 5;

/**
 * Two faults: the registrar sees the loss and repairs it; and the registrar is stopped, the audit has to name the loss, and
 * another registrar, which knows only what Kafka keeps, has to repair it.
 */
export function loseTwice({ name, what, lose }: Loss): Fault[] {
  return [
    {
      name,
      what,
      expect: 'no violation',
      apart: true,
      run: (shop) => untilRepairBegins(shop, () => lose(shop)),
    },
    {
      name: `${name}-unwatched`,
      what: `${what}, while the registrar is down; the audit names a wrong parcel`,
      expect: 'named',
      // Parcels went to former addresses, and orders of customers who came and left unseen ended as those of unknown customers.
      breaks: ['P3', 'P4'],
      apart: true,
      async run(shop, witness) {
        await untilRepairBegins(shop, async () => {
          process.kill(-shop.pid('connector'), 'SIGSTOP');
          try {
            await shipWrongly(shop, lose);
            await witness.untilNamed(['P3', 'P4', 'P6']);
          } finally {
            await shop.killAndAwait('connector');
          }
        });
      },
    },
  ];
}

/** Has parcels delivered to customers who have moved unseen, and an order wait for one who comes and leaves unseen. */
async function shipWrongly(shop: FaultShop, lose: Loss['lose']): Promise<void> {
  const ids: number[] = [];
  for (let count = 0; count < witnesses; count++) ids.push(await register(shop));
  for (const id of ids) await ship(shop, id);
  await lose(shop);
  await shop.postgres.query("UPDATE customers SET address = 'Unseen Street 1' WHERE id = ANY ($1::bigint[])", [ids]);
  for (const id of ids) await ship(shop, id);
  const passing = await register(shop);
  await order(shop, passing);
  await shop.postgres.query('DELETE FROM customers WHERE id = $1', [passing]);
}
