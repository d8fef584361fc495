import type { Fault } from '../fault.ts';
import { customerWaitMs, type FaultShop } from '../shop/fault-shop.ts';
import { order, register } from '../shop/parcels.ts';
import { untilRepairBegins } from '../shop/repairs.ts';
import { loseTwice } from './losses.ts';

/** Number of WAL segments of 16 MB, together more than max_slot_wal_keep_size in docker-compose.yml. */
const segments = 270;

/** Faults of the replication slot. Uncaptured changes reach ksqlDB by a repair; until then its rows may be outdated. */
export const slotFaults: Fault[] = [
  ...loseTwice({
    name: 'slot-dropped',
    what: "Debezium's replication slot is dropped, and customers leave before the next one",
    lose: dropSlot,
  }),
  {
    name: 'slot-repair-killed',
    what: 'the slot is dropped, and the registrar is killed with -9 during its repair',
    expect: 'no violation',
    apart: true,
    async run(shop) {
      await untilRepairBegins(shop, () => dropSlot(shop));
      await shop.killAndAwait('connector');
    },
  },
  ...loseTwice({
    name: 'slot-lost',
    what: 'Connect is stopped until Postgres has removed WAL that the slot needs; customers come, order and leave meanwhile',
    lose: loseSlot,
  }),
  {
    name: 'ids-above-2-31',
    what: 'ids continue at 3,000,000,000, then the slot is dropped',
    expect: 'no violation',
    apart: true,
    async run(shop) {
      const { rows } = await shop.postgres.query<{ last: string }>('SELECT last_value AS last FROM customers_id_seq');
      if (Number(rows[0]?.last) < 3e9) await shop.postgres.query('ALTER SEQUENCE customers_id_seq RESTART 3000000000');
      await untilRepairBegins(shop, () => dropSlot(shop));
    },
  },
  {
    name: 'wal-of-others',
    what: 'no customer changes for a while, and another database writes 200 MB of WAL; the slot advances',
    expect: 'no violation',
    apart: true,
    run: growWal,
  },
];

async function dropSlot({ postgres, until }: FaultShop): Promise<void> {
  await until('the slot dropped', async () => {
    await postgres.query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
    await postgres.query("SELECT pg_drop_replication_slot('shop_customers')");
    return true;
  });
}

/** It takes longer than an order waits: the order of a customer who came and left meanwhile must not end as unknown. */
async function loseSlot(shop: FaultShop): Promise<void> {
  const { postgres, until } = shop;
  const connect = -shop.pid('connect');
  process.kill(connect, 'SIGSTOP');
  try {
    const id = await register(shop);
    await order(shop, id);
    const ordered = Date.now();
    await postgres.query('DELETE FROM customers WHERE id = $1', [id]);
    for (let count = 0; count < segments; count++)
      await postgres.query("SELECT pg_logical_emit_message(false, 'fill', ''), pg_switch_wal()");
    await until('the slot lost', async () => {
      await postgres.query('CHECKPOINT');
      const { rows } = await postgres.query<{ status: string }>(
        'SELECT wal_status AS status FROM pg_replication_slots',
      );
      return rows[0]?.status === 'lost';
    });
    await until('an outage longer than an order waits', () => Date.now() - ordered > 2 * customerWaitMs);
  } finally {
    process.kill(connect, 'SIGCONT');
  }
}

async function growWal({ postgres, pid, until }: FaultShop): Promise<void> {
  const updater = pid('updater');
  process.kill(updater, 'SIGSTOP');
  try {
    await postgres.query('CREATE DATABASE neighbour');
    // Each copy writes the template of about 7 MB to the WAL.
    for (let count = 0; count < 28; count++) {
      await postgres.query(`CREATE DATABASE neighbour_${count} TEMPLATE neighbour STRATEGY wal_log`);
      await postgres.query(`DROP DATABASE neighbour_${count}`);
    }
    await postgres.query('DROP DATABASE neighbour');
    const { rows } = await postgres.query<{ end: string }>('SELECT pg_current_wal_lsn() AS end');
    await until('the slot moved beyond that WAL', async () => {
      const slots = await postgres.query<{ moved: boolean }>(
        'SELECT restart_lsn >= $1::pg_lsn AS moved FROM pg_replication_slots',
        [rows[0]?.end],
      );
      return slots.rows[0]?.moved;
    });
  } finally {
    process.kill(updater, 'SIGCONT');
  }
}
