import { type CommandHandlers, CommandRefused } from '@shop/common';
import type { Pool } from 'pg';
import type { ManyMoves } from './move-many.ts';
import { countries } from './people/countries.ts';
import type { People } from './people/create-people.ts';
import { deleteCustomers, insertCustomers, lockCustomer, moveCustomers } from './postgres/customer-statements.ts';
import { inTransaction } from './postgres/in-transaction.ts';
import { insertProduct } from './postgres/insert-product.ts';
import type { Changes } from './update-customers.ts';

/** Each product is refilled in every round, so the shop takes no more by command. */
const mostProducts = 100;

interface Pace {
  wishes: Changes;
  intervalMs: number;
}

interface Parts {
  pool: Pool;
  people: People;
  manyMoves: ManyMoves;
  /** The settings of docker-compose.yml. */
  initial: Pace;
  /** Changes what the next rounds do. */
  change(pace: { wishes?: Partial<Changes>; intervalMs?: number }): Pace;
}

/**
 * What the updater obeys. One transaction changes one customer, beside the rounds, which skip locked customers. A restart
 * goes back to the settings.
 */
export function createCustomerCommands({ pool, people, manyMoves, initial, change }: Parts): CommandHandlers {
  return {
    'set-customers'({ inserted, moved, deleted, interval_ms }) {
      const wishes = {
        ...(inserted !== undefined && { inserted }),
        ...(moved !== undefined && { moved }),
        ...(deleted !== undefined && { deleted }),
      };
      return describePace(change({ wishes, ...(interval_ms !== undefined && { intervalMs: interval_ms }) }));
    },
    reset() {
      manyMoves.stop();
      return describePace(change(initial));
    },

    async register({ first_name, last_name, country }) {
      if (country !== undefined && !countries.some(({ name }) => name === country))
        throw new CommandRefused(
          `the shop does not ship to ${country}, only to ${countries.map(({ name }) => name).join(', ')}`,
        );
      const person = {
        ...people.createPerson(),
        ...(country !== undefined && people.createAddress(country)),
        ...(first_name !== undefined && { first_name }),
        ...(last_name !== undefined && { last_name }),
      };
      const [customer_id] = await inTransaction(pool, (client) => insertCustomers(client, [person]));
      return { customer_id, ...person };
    },

    async move({ customer_id }) {
      const address = await inTransaction(pool, async (client) => {
        const country = await lockCustomer(client, customer_id);
        if (country === undefined) return undefined;
        const created = people.createAddress(country);
        await moveCustomers(client, new Map([[customer_id, created]]));
        return created;
      });
      if (!address) throw new CommandRefused(`there is no customer ${customer_id}`);
      return { customer_id, ...address };
    },

    'move-many': async ({ share, seconds, seed }) => ({
      customers: await manyMoves.start({ share, seconds, seed }),
      seconds,
    }),

    async delete({ customer_id }) {
      const deleted = await inTransaction(pool, (client) => deleteCustomers(client, [customer_id]));
      if (deleted === 0) throw new CommandRefused(`there is no customer ${customer_id}`);
      return { customer_id };
    },

    async 'add-product'({ product }) {
      const product_id = await insertProduct(pool, product, mostProducts);
      if (product_id === undefined)
        throw new CommandRefused(`there is a product ${product} already, or there are ${mostProducts} products`);
      return { product_id, product };
    },
  };
}

const describePace = ({ wishes, intervalMs }: Pace) => ({ ...wishes, interval_ms: intervalMs });
