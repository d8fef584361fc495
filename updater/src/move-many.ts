import { createRandom, pause, type ServiceContext, sampleCustomerIds } from '@shop/common';
import type { Pool } from 'pg';
import type { People } from './people/create-people.ts';
import { lockCustomers, moveCustomers } from './postgres/customer-statements.ts';
import { inTransaction } from './postgres/in-transaction.ts';

/** Most customers that one command moves, and most that move in a second. */
const mostCustomers = 20_000;
const mostPerSecond = 500;

interface Parts {
  pool: Pool;
  people: People;
  /** Repeats a transaction while Postgres is unavailable. */
  waitForPostgres<T>(work: () => Promise<T>): Promise<T>;
  countMoved(customers: number): void;
}

interface Wish {
  /** Share of all customers. */
  share: number;
  seconds: number;
  seed: number | undefined;
}

/** Moves many customers, a batch every second. The next call and `stop` end it. */
export interface ManyMoves {
  /** @returns how many customers will move, without those who leave meanwhile */
  start(wish: Wish): Promise<number>;
  stop(): void;
}

export function createManyMoves(
  { pool, people, waitForPostgres, countMoved }: Parts,
  { signal, onClose, fail }: Pick<ServiceContext, 'signal' | 'onClose' | 'fail'>,
): ManyMoves {
  let current = new AbortController();
  let ended = Promise.resolve();
  onClose(() => ended);

  const moveBatch = (ids: readonly number[]) =>
    waitForPostgres(() =>
      inTransaction(pool, async (client) => {
        const countries = await lockCustomers(client, ids);
        const moves = [...countries].map(([id, country]) => [id, people.createAddress(country)] as const);
        return moveCustomers(client, new Map(moves));
      }),
    );

  async function moveAll(ids: readonly number[], seconds: number, stopped: AbortSignal): Promise<void> {
    const size = Math.ceil(ids.length / seconds);
    for (let first = 0; first < ids.length; first += size) {
      countMoved(await moveBatch(ids.slice(first, first + size)));
      if (!(await pause(1_000, stopped))) return;
    }
  }

  return {
    async start({ share, seconds, seed }) {
      current.abort();
      current = new AbortController();
      const stopped = AbortSignal.any([signal, current.signal]);
      const most = Math.min(mostCustomers, seconds * mostPerSecond);
      const count = Math.min(most, Math.ceil(share * (await countCustomers(pool, Math.ceil(most / share)))));
      const ids = await sampleCustomerIds(pool, count, createRandom(seed));
      ended = Promise.all([ended, moveAll(ids, seconds, stopped)]).then(
        () => undefined,
        (error) => {
          if (!signal.aborted) fail(error);
        },
      );
      return ids.length;
    },
    stop: () => current.abort(),
  };
}

/** Counts the customers, and stops at `most`: a count of a large table is expensive. */
async function countCustomers(pool: Pool, most: number): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    'SELECT count(*) FROM (SELECT FROM customers LIMIT $1) AS counted',
    [most],
  );
  return Number(rows[0]?.count ?? 0);
}
