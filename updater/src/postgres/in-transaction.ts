import type { Pool, PoolClient } from 'pg';

/** Does all of the work or nothing of it. A connection on which anything failed is not used again. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // A connection that breaks says so here and to the query under way; unheard, it would end the process.
  const noteFailure = (error: Error) => {
    failure = error;
  };
  client.on('error', noteFailure);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', noteFailure);
    // Closed, Postgres rolls back what was not committed.
    client.release(failure);
  }
}
