import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { untilRepairBegins } from '../shop/repairs.ts';

/** What changed while nothing was captured reaches ksqlDB by a repair. Until then ksqlDB may answer what it had. */
export const slotFaults: Fault[] = [
  {
    name: 'slot-dropped',
    what: "Debezium's replication slot is dropped, and customers leave before the next one",
    expect: 'no violation',
    apart: true,
    run: dropSlot,
  },
  {
    name: 'slot-repair-killed',
    what: 'the slot is dropped, and the registrar killed by -9 in the middle of its repair',
    expect: 'no violation',
    apart: true,
    async run(shop) {
      await untilRepairBegins(shop, () => dropSlot(shop));
      await shop.killAndAwait('connector');
    },
  },
  {
    name: 'publication-dropped',
    what: 'the publication is dropped, and made anew after 5 s',
    expect: 'no violation',
    apart: true,
    async run({ postgres, pause }) {
      await postgres.query('DROP PUBLICATION shop_customers');
      try {
        await pause(5_000);
      } finally {
        await postgres.query('CREATE PUBLICATION shop_customers FOR TABLE customers');
      }
    },
  },
];

async function dropSlot({ postgres, until }: FaultShop): Promise<void> {
  await until('the slot dropped', async () => {
    await postgres.query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
    await postgres.query("SELECT pg_drop_replication_slot('shop_customers')");
    return true;
  });
}
