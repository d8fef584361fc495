import { rmSync } from 'node:fs';
import path from 'node:path';
import { makeDataFolder, startBroker, startDatabase } from '@shop/test-support';

/** A server that tests and benchmarks need. */
export type Server = 'kafka' | 'postgres';

/** The variable that holds its address: host:port of the broker, URL of the database's superuser. */
const variables = { kafka: 'TEST_KAFKA', postgres: 'TEST_POSTGRES' } as const;

/** Reads `kafka,postgres`. @throws for another word */
export function readServers(text: string): Server[] {
  return text.split(',').map((word) => {
    if (word !== 'kafka' && word !== 'postgres') throw new Error(`no server ${word}; expected kafka or postgres`);
    return word;
  });
}

/**
 * Starts the servers whose variable the environment does not set, as `npm start` does, and stops them after `run`.
 *
 * @param run gets the variables of the servers that were started
 */
export async function withServers<T>(
  servers: readonly Server[],
  run: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const missing = servers.filter((server) => !process.env[variables[server]]);
  if (missing.length === 0) return run({});
  const folder = makeDataFolder();
  const env: Record<string, string> = {};
  const started: { stop(): Promise<void> }[] = [];
  try {
    for (const server of missing) {
      if (server === 'kafka') {
        const broker = await startBroker({ folder: path.join(folder, 'broker') });
        started.push(broker);
        env[variables.kafka] = `127.0.0.1:${broker.port}`;
      } else {
        const database = await startDatabase({ folder: path.join(folder, 'database') });
        started.push(database);
        env[variables.postgres] = database.superuserUrl;
      }
    }
    return await run(env);
  } finally {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}
