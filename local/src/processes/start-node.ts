import path from 'node:path';
import { type RunningProcess, startProcess } from '../os/start-process.ts';
import type { ProcessHost } from './process-host.ts';

export interface NodePlan {
  /** The folder of the service, with dist/main.js in it, which local/compile.mjs makes of src/main.ts. */
  folder: string;
  args?: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  host: ProcessHost;
}

/**
 * How long a service has for its end, ms, where nothing else is set. Containers have 8 s, because Docker kills them after 10;
 * here a service that gets little CPU time has more.
 */
const shutdownGraceMs = 20_000;

export const nodeEnding = { signal: 'SIGTERM', graceMs: shutdownGraceMs + 2_000 } as const;

/** Starts a service of the shop. Its /health shows whether it is ready. @throws when it cannot be started */
export function startNode({ folder, args = [], env, host }: NodePlan): RunningProcess {
  return startProcess({
    command: process.execPath,
    args: ['--enable-source-maps', path.join('dist', 'main.js'), ...args],
    cwd: folder,
    env: { SHUTDOWN_GRACE_MS: String(shutdownGraceMs), ...env },
    ending: nodeEnding,
    host,
  });
}
