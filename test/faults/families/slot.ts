import type { Check } from '@shop/audit';
import type { Fault } from '../fault.ts';

/** Where somebody lives now only a snapshot shows, and who has left may have been sent a parcel. */
const breaks: readonly Check[] = ['P3'];

/** What was changed while there was no slot is in no log: it can be found out, but not replayed. */
export const slotFaults: Fault[] = [
  {
    name: 'slot-dropped',
    what: "Debezium's replication slot is dropped, and customers leave before the next one",
    expect: 'detected',
    breaks,
    apart: true,
    async run(shop) {
      await shop.until('the slot dropped', async () => {
        await shop.postgres.query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
        await shop.postgres.query("SELECT pg_drop_replication_slot('shop_customers')");
        return true;
      });
    },
  },
  {
    name: 'publication-dropped',
    what: 'the publication is dropped, and made anew after 5 s',
    expect: 'detected',
    breaks,
    apart: true,
    async run(shop) {
      await shop.postgres.query('DROP PUBLICATION shop_customers');
      try {
        await shop.pause(5_000);
      } finally {
        await shop.postgres.query('CREATE PUBLICATION shop_customers FOR TABLE customers');
      }
    },
  },
];
