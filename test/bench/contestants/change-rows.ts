import { buildCustomer } from '@shop/test-support';
import { Client } from 'pg';

// Changes customers with values that are ready before it begins: in statements of many rows, in one transaction per round (the
// ceiling), or in one statement per row (the obvious way). Moves and deletes the first customers, from id 1.
const [way = '', connectionString = '', rounds = '0', inserted = '0', moved = '0', deleted = '0'] =
  process.argv.slice(2);
const [inserts, moves, deletes] = [Number(inserted), Number(moved), Number(deleted)];
const client = new Client({ connectionString });
await client.connect();

const people = Array.from({ length: inserts }, (_, n) => {
  const { first_name, last_name, zipcode, country, address } = buildCustomer(n);
  return [first_name, last_name, zipcode, country, address];
});
const columnsOf = (rows: readonly unknown[][]) => rows[0]?.map((_, column) => rows.map((row) => row[column])) ?? [];
const insertedColumns = columnsOf(people);

for (let round = 0; round < Number(rounds); round += 1) {
  const first = 1 + round * (moves + deletes);
  const moving = Array.from({ length: moves }, (_, n) => [
    first + n,
    '20095',
    'Germany',
    `Allee ${round} ${n}, Hamburg`,
  ]);
  const leaving = Array.from({ length: deletes }, (_, n) => first + moves + n);
  if (way === 'many rows') await changeTogether(moving, leaving);
  else await changeOneByOne(moving, leaving);
}
await client.end();

/** The statements of the updater. */
async function changeTogether(moving: readonly unknown[][], leaving: readonly number[]): Promise<void> {
  await client.query('BEGIN');
  await client.query('DELETE FROM customers WHERE id = ANY($1::bigint[])', [leaving]);
  await client.query(
    `INSERT INTO customers (first_name, last_name, zipcode, country, address)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])`,
    insertedColumns,
  );
  await client.query(
    `UPDATE customers
     SET zipcode = new.zipcode, country = new.country, address = new.address
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS new(id, zipcode, country, address)
     WHERE customers.id = new.id`,
    columnsOf(moving),
  );
  await client.query('COMMIT');
}

async function changeOneByOne(moving: readonly unknown[][], leaving: readonly number[]): Promise<void> {
  for (const id of leaving) await client.query('DELETE FROM customers WHERE id = $1', [id]);
  for (const person of people)
    await client.query(
      'INSERT INTO customers (first_name, last_name, zipcode, country, address) VALUES ($1, $2, $3, $4, $5)',
      person,
    );
  for (const move of moving)
    await client.query('UPDATE customers SET zipcode = $2, country = $3, address = $4 WHERE id = $1', move);
}
