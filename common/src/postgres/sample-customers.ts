import type { Pool } from 'pg';
import type { Random } from '../random.ts';

type Queryable = Pick<Pool, 'query'>;

/** Rows read in one go where random ids do not find enough: many to choose from, and still no matter of table size. */
const runLength = 1_000;

/**
 * Picks customers at random by their key. It costs the same in a table of a hundred and of ten million customers: a few
 * steps down the primary key for each one picked, never a count, a sort or a scan of the table. The customer behind a
 * gap of deleted ones is picked more often, the wider the gap.
 *
 * @returns distinct ids in random order; fewer than `count` only when there are no more customers. The same `random`
 * on the same table picks the same.
 */
export async function sampleCustomerIds(postgres: Queryable, count: number, random: Random): Promise<number[]> {
  const bounds = count > 0 ? await readBounds(postgres) : undefined;
  if (!bounds) return [];
  const { first, last } = bounds;
  // Where ids are few, random ones would mostly hit the same customers.
  const few = last - first < 4 * count;
  const hits = few ? [] : await findAtOrAfter(postgres, drawStarts(count, bounds, random));
  const found = random.sample(hits, count);
  if (found.length === count) return found;
  const start = few ? first : random.integer(first, last);
  const run = await readRun(postgres, start, Math.max(runLength, 4 * count));
  const known = new Set(found);
  const others = run.filter((id) => !known.has(id));
  return [...found, ...random.sample(others, count - found.length)];
}

interface Bounds {
  first: number;
  last: number;
}

async function readBounds(postgres: Queryable): Promise<Bounds | undefined> {
  const { rows } = await postgres.query<{ first: string | null; last: string | null }>(
    'SELECT min(id) AS first, max(id) AS last FROM customers',
  );
  const [bounds] = rows;
  return bounds?.first == null || bounds.last == null
    ? undefined
    : { first: Number(bounds.first), last: Number(bounds.last) };
}

/** A few more than asked for, because some meet at the same customer. */
function drawStarts(count: number, { first, last }: Bounds, random: Random): number[] {
  return Array.from({ length: Math.ceil(count * 1.25) }, () => random.integer(first, last));
}

/** For every start the customer with that id, or the next one. Distinct, in order of id. */
async function findAtOrAfter(postgres: Queryable, starts: number[]): Promise<number[]> {
  const { rows } = await postgres.query<{ id: string }>(
    `SELECT customer.id
     FROM unnest($1::bigint[]) AS start(id)
     CROSS JOIN LATERAL (SELECT id FROM customers WHERE id >= start.id ORDER BY id LIMIT 1) AS customer`,
    [starts],
  );
  return [...new Set(rows.map(({ id }) => Number(id)))].sort((a, b) => a - b);
}

/** The customers from an id on and, past the last one, from the first one on. Distinct. */
async function readRun(postgres: Queryable, start: number, length: number): Promise<number[]> {
  const { rows } = await postgres.query<{ id: string }>(
    `(SELECT id FROM customers WHERE id >= $1 ORDER BY id LIMIT $2)
     UNION ALL
     (SELECT id FROM customers WHERE id < $1 ORDER BY id LIMIT $2)`,
    [start, length],
  );
  return rows.map(({ id }) => Number(id));
}
