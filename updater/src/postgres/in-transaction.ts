import type { Pool, PoolClient } from 'pg';

/** Runs the work in one transaction. A connection on which a statement failed is not used again. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // A broken connection emits this event besides failing the query. Without a listener, the event would end the process.
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
    // Postgres rolls back when the connection closes.
    client.release(failure);
  }
}
