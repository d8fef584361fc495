import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '@shop/common';

const folder = fileURLToPath(new URL('../../../shipping-service', import.meta.url));
const redirect = new URL('./redirect-connections.mjs', import.meta.url).href;

const shortestBackOffMs = 500;
const longestBackOffMs = 10_000;
/** A process that has run so long is restarted without a longer back-off, ms. */
const stableMs = 10_000;
/** Time from SIGTERM to SIGKILL, as in docker compose, ms. */
const graceMs = 10_000;

/** A program that ships orders. */
export interface ShippingCommand {
  /** The program and its arguments. */
  words: readonly [string, ...string[]];
  cwd: string;
}

/** An end of a process that the runner did not cause. */
interface UnexpectedEnd {
  instance: string;
  /** ms since 1970. */
  at: number;
  /** Exit code or signal. */
  how: string;
}

/** An instance of a shipping service, restarted with back-off whenever it ends by itself. */
export interface Shipping {
  pid(): number;
  /** Ends by any signal but SIGKILL, and by an exit code. */
  ends: readonly UnexpectedEnd[];
  logFile: string;
  /** Ends it for good: SIGTERM to its process group, and SIGKILL when it does not end. @returns the exit code */
  stop(): Promise<number | null>;
}

/** shipping-service as it is in this checkout. Its connections to Kafka can use a proxy. */
export const ownShipping = (env: NodeJS.ProcessEnv): ShippingCommand => ({
  words: [
    process.execPath,
    ...['--import', 'tsx'],
    ...(env['REDIRECT_CONNECTIONS'] ? ['--import', redirect] : []),
    'src/main.ts',
  ],
  cwd: folder,
});

/** Starts a shipping service outside `npm start`. @throws when the program cannot be started */
export function startShipping(
  instance: string,
  { command, env, logFolder }: { command: ShippingCommand; env: NodeJS.ProcessEnv; logFolder: string },
): Shipping {
  const logFile = path.join(logFolder, `${instance}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  const stopping = new AbortController();
  const ends: UnexpectedEnd[] = [];
  let child: ChildProcess = startOnce();

  function startOnce(): ChildProcess {
    const [file, ...words] = command.words;
    // A separate process group, so that Ctrl-C reaches only the runner, which then stops the service.
    const started = spawn(file, words, {
      cwd: command.cwd,
      env: { ...env, INSTANCE: instance },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    started.on('error', () => {}); // without a process id, it is thrown below
    if (started.pid === undefined) throw new Error(`${file} cannot be started; is it installed?`);
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    return started;
  }

  async function keepRunning(): Promise<number | null> {
    let backOffMs = shortestBackOffMs;
    for (;;) {
      const startedAt = Date.now();
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
      if (stopping.signal.aborted) return code;
      if (signal !== 'SIGKILL') ends.push({ instance, at: Date.now(), how: signal ?? `exit code ${code}` });
      const wasStable = signal === 'SIGKILL' || Date.now() - startedAt > stableMs;
      backOffMs = wasStable ? shortestBackOffMs : Math.min(2 * backOffMs, longestBackOffMs);
      if (!(await pause(backOffMs, stopping.signal))) return code;
      child = startOnce();
    }
  }

  const ended = keepRunning();
  const signalGroup = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, signal);
  };
  const killGroup = () => signalGroup('SIGKILL');
  process.once('exit', killGroup);
  return {
    pid: () => child.pid ?? 0,
    ends,
    logFile,
    async stop() {
      stopping.abort();
      signalGroup('SIGTERM');
      const late = setTimeout(killGroup, graceMs);
      const code = await ended;
      clearTimeout(late);
      process.off('exit', killGroup);
      log.end();
      return code;
    },
  };
}
