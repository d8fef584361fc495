import type { Fault } from '../fault.ts';

/** What was changed while there was no slot is in no log: it can be found out, but not replayed. */
export const slotFaults: Fault[] = [
  {
    name: 'slot-dropped',
    what: "Debezium's replication slot is dropped, and customers leave before the next one",
    expect: 'detected',
    apart: true,
    async run(shop) {
      await shop.until('the slot dropped', async () => {
        await shop.postgres.query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
        await shop.postgres.query("SELECT pg_drop_replication_slot('shop_customers')");
        return true;
      });
    },
  },
];
