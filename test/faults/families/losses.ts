import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { order, register, ship } from '../shop/parcels.ts';
import { untilRepairBegins } from '../shop/repairs.ts';

export interface Loss {
  name: string;
  what: string;
  /** Breaks the capture of customers' changes. */
  lose(shop: FaultShop): Promise<void>;
}

/** Number of test customers, so that the updater does not delete all before their orders are shipped. */
const witnesses = 5;

/**
 * Creates two faults. In the first, the registrar sees the loss and repairs it. In the second, the registrar is
 * stopped: the audit must name the loss, and a new registrar must repair it with what it knows from Kafka.
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
      // Parcels went to old addresses, and customers who came and left uncaptured counted as unknown.
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

/** Ships to customers whose move is not captured, and places an order for one who comes and leaves uncaptured. */
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
