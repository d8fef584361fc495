import type { RunningProcess } from '../os/start-process.ts';
import { askOk } from './ask-ok.ts';
import type { ProcessHost } from './process-host.ts';
import { startNode } from './start-node.ts';
import { waitUntilUp } from './wait-until-up.ts';

export interface KsqldbPlan {
  /** ksql/embedded */
  folder: string;
  /** host:port of the brokers, separated by commas. */
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
  await waitUntilUp(host, running, { check: (signal) => askOk(port, '/info', signal) });
  return running;
}
