import path from 'node:path';
import { type RunningProcess, startProcess } from '../os/start-process.ts';
import type { ProcessHost } from './process-host.ts';

export interface NodePlan {
  /** The service's folder. local/compile.mjs has compiled its src/main.ts to dist/main.js. */
  folder: string;
  args?: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  host: ProcessHost;
}

/**
 * Default of SHUTDOWN_GRACE_MS. Containers have 8 s, because Docker kills them after 10 s. Here a service may get
 * little CPU time, so it has more.
 */
const shutdownGraceMs = 20_000;

export const nodeEnding = { signal: 'SIGTERM', graceMs: shutdownGraceMs + 2_000 } as const;

/** Starts a service of the shop. /health shows when it is ready. @throws when it cannot be started */
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
