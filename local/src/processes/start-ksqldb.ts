import type { RunningProcess } from '../os/start-process.ts';
import type { ProcessHost } from './process-host.ts';
import { startNode } from './start-node.ts';
import { waitUntilUp } from './wait-until-up.ts';

export interface KsqldbPlan {
  /** ksql/embedded */
  folder: string;
  /** host:port of the brokers, with commas. */
  kafka: string;
  port: number;
  env: Readonly<Record<string, string | undefined>>;
  host: ProcessHost;
}

/**
 * Starts the embedded ksqlDB on loopback.
 *
 * @throws ProcessError when it does not come up
 */
export async function startKsqldb({ folder, kafka, port, env, host }: KsqldbPlan): Promise<RunningProcess> {
  const running = startNode({ folder, args: ['--kafka', kafka, '--port', String(port)], env, host });
  await waitUntilUp(host, running, { check: (signal) => askKsqldb(port, signal) });
  return running;
}

async function askKsqldb(port: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
  const answer = await fetch(`http://127.0.0.1:${port}/info`, { signal: limit });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`/info answers ${answer.status}`);
}
