import { rmSync } from 'node:fs';
import path from 'node:path';
import { startBroker, startDatabase } from '@shop/local';
import { makeDataFolder } from './data-folder.ts';

export interface TestServers {
  /** TEST_KAFKA (host:port) and TEST_POSTGRES (URL of a superuser). */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts one broker and one Postgres, as `npm start` does, for the tests that need no whole fleet. */
export async function startTestServers(): Promise<TestServers> {
  const folder = makeDataFolder();
  const broker = await startBroker({ folder: path.join(folder, 'broker') });
  const database = await startDatabase({ folder: path.join(folder, 'database') });
  return {
    env: { TEST_KAFKA: `127.0.0.1:${broker.port}`, TEST_POSTGRES: database.superuserUrl },
    async stop() {
      await Promise.all([broker.stop(), database.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
