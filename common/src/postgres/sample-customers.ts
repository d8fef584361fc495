import type { Pool } from 'pg';
import type { Random } from '../random.ts';

type Queryable = Pick<Pool, 'query'>;

/** The most rows that a page of 8 KiB can hold, and so the highest row number in one. */
const rowsPerPage = 291;
/** A table of so few pages is read whole. */
const fewPages = 8;
/** Places examined for each requested customer, in each of at most `rounds` rounds. */
const placesEach = 6;
const rounds = 4;
/** Rows read at once where random places hold too few. */
const runLength = 1_000;

/**
 * Picks customers at random. Every customer is equally likely, whatever the gaps between ids: the choice falls on places in
 * the table's pages, and empty places do not count. The cost depends on `count` only, never on the number of customers.
 * Exception: after mass deletions, when pages hold fewer than some 15 of 291 rows, random places may yield too few
 * customers. The rest then follow a random id, which favours customers behind a gap.
 *
 * @returns distinct ids in random order; fewer than `count` only when there are no more customers. The same `random`
 * on the same table picks the same.
 */
export async function sampleCustomerIds(postgres: Queryable, count: number, random: Random): Promise<number[]> {
  if (count <= 0) return [];
  const pages = await readPageCount(postgres);
  if (pages <= Math.max(fewPages, count / fewPages)) return random.sample(await readAll(postgres), count);
  const hits = new Set<number>();
  for (let round = 0; round < rounds && hits.size < count; round += 1)
    for (const id of await readAt(postgres, drawPlaces(count * placesEach, pages, random))) hits.add(id);
  const found = random.sample(
    [...hits].sort((a, b) => a - b),
    count,
  );
  if (found.length === count) return found;
  const known = new Set(found);
  const others = (await readRun(postgres, count, random)).filter((id) => !known.has(id));
  return [...found, ...random.sample(others, count - found.length)];
}

async function readPageCount(postgres: Queryable): Promise<number> {
  const { rows } = await postgres.query<{ pages: string }>(
    "SELECT pg_relation_size('customers') / current_setting('block_size')::int AS pages",
  );
  return Number(rows[0]?.pages ?? 0);
}

/** `(page,row)`, as Postgres names the place of a row. */
const drawPlaces = (count: number, pages: number, random: Random) =>
  Array.from({ length: count }, () => `(${random.integer(0, pages - 1)},${random.integer(1, rowsPerPage)})`);

async function readAt(postgres: Queryable, places: string[]): Promise<number[]> {
  const { rows } = await postgres.query<{ id: string }>('SELECT id FROM customers WHERE ctid = ANY($1::tid[])', [
    places,
  ]);
  return rows.map(({ id }) => Number(id));
}

/** In order of id: Postgres may start a scan anywhere. */
async function readAll(postgres: Queryable): Promise<number[]> {
  const { rows } = await postgres.query<{ id: string }>('SELECT id FROM customers');
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

/** The customers from a random id on and, past the last one, from the first one on. Distinct. */
async function readRun(postgres: Queryable, count: number, random: Random): Promise<number[]> {
  const bounds = await postgres.query<{ first: string | null; last: string | null }>(
    'SELECT min(id) AS first, max(id) AS last FROM customers',
  );
  const { first, last } = bounds.rows[0] ?? {};
  if (first == null || last == null) return [];
  const { rows } = await postgres.query<{ id: string }>(
    `(SELECT id FROM customers WHERE id >= $1 ORDER BY id LIMIT $2)
     UNION ALL
     (SELECT id FROM customers WHERE id < $1 ORDER BY id LIMIT $2)`,
    [random.integer(Number(first), Number(last)), Math.max(runLength, 4 * count)],
  );
  return rows.map(({ id }) => Number(id));
}
