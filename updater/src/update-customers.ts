import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Random, sampleCustomerIds } from '@shop/common';
import type { Pool } from 'pg';
import type { People, Person } from './people/create-people.ts';
import { deleteCustomers, insertCustomers, lockCustomers, moveCustomers } from './postgres/customer-statements.ts';
import { inTransaction } from './postgres/in-transaction.ts';

/** How many customers register, move and leave. */
export interface Changes {
  inserted: number;
  moved: number;
  deleted: number;
}

/** Minimum number of customers that remain: a shop without customers has nothing to show. */
export const fewestCustomers = 10;

/**
 * Changes the customers table in one transaction with a few round trips, whatever the size of the table. A customer who
 * moves stays in the same country. No customer is both moved and deleted.
 *
 * @returns what changed; less than requested while there are few customers
 */
export async function updateCustomers(
  pool: Pool,
  wishes: Changes,
  { people, random }: { people: People; random: Random },
): Promise<Changes> {
  const newcomers = await createMany(wishes.inserted, people);
  return inTransaction(pool, async (client) => {
    const wanted = wishes.deleted + wishes.moved + fewestCustomers;
    const picked = await sampleCustomerIds(client, wanted, random);
    const deletable = picked.length < wanted ? picked.length + newcomers.length - fewestCustomers : wishes.deleted;
    const leaving = Math.max(0, Math.min(wishes.deleted, deletable));

    const chosen = picked.slice(0, leaving + wishes.moved);
    const held = await lockCustomers(client, chosen);
    const present = chosen.filter((id) => held.has(id));
    const moves = present.slice(leaving).map((id) => [id, people.createAddress(held.get(id) ?? '')] as const);
    return {
      deleted: await deleteCustomers(client, present.slice(0, leaving)),
      inserted: (await insertCustomers(client, newcomers)).length,
      moved: await moveCustomers(client, new Map(moves)),
    };
  });
}

/** Yields to other tasks in between: ten thousand people take half a second. */
async function createMany(count: number, { createPerson }: People): Promise<Person[]> {
  const made: Person[] = [];
  while (made.length < count) {
    made.push(createPerson());
    if (made.length % 500 === 0) await nextTurn();
  }
  return made;
}
