import type { PoolClient } from 'pg';
import type { Address, Person } from '../people/create-people.ts';

/** Inserts customers in one statement. @returns their ids */
export async function insertCustomers(client: PoolClient, people: readonly Person[]): Promise<number[]> {
  if (people.length === 0) return [];
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO customers (first_name, last_name, zipcode, country, address)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     RETURNING id`,
    [
      people.map((person) => person.first_name),
      people.map((person) => person.last_name),
      people.map((person) => person.zipcode),
      people.map((person) => person.country),
      people.map((person) => person.address),
    ],
  );
  return rows.map(({ id }) => Number(id));
}

/**
 * Locks customers for this transaction. It skips those who were deleted meanwhile or are locked by another transaction, so
 * two updaters never wait for each other.
 *
 * @returns the country of each customer by id
 */
export async function lockCustomers(client: PoolClient, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; country: string }>(
    'SELECT id, country FROM customers WHERE id = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED',
    [ids],
  );
  return new Map(rows.map(({ id, country }) => [Number(id), country]));
}

/** Locks one customer for this transaction, and waits for a transaction that has the lock. @returns the country */
export async function lockCustomer(client: PoolClient, id: number): Promise<string | undefined> {
  const { rows } = await client.query<{ country: string }>('SELECT country FROM customers WHERE id = $1 FOR UPDATE', [
    id,
  ]);
  return rows[0]?.country;
}

/** Gives customers new addresses. @returns how many */
export async function moveCustomers(client: PoolClient, moves: ReadonlyMap<number, Address>): Promise<number> {
  if (moves.size === 0) return 0;
  const addresses = [...moves.values()];
  const { rowCount } = await client.query(
    `UPDATE customers
     SET zipcode = new.zipcode, country = new.country, address = new.address
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS new(id, zipcode, country, address)
     WHERE customers.id = new.id`,
    [
      [...moves.keys()],
      addresses.map(({ zipcode }) => zipcode),
      addresses.map(({ country }) => country),
      addresses.map(({ address }) => address),
    ],
  );
  return rowCount ?? 0;
}

/** @returns how many */
export async function deleteCustomers(client: PoolClient, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rowCount } = await client.query('DELETE FROM customers WHERE id = ANY($1::bigint[])', [ids]);
  return rowCount ?? 0;
}
