import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '@shop/common';

const folder = fileURLToPath(new URL('../../../shipping-service', import.meta.url));
const redirect = new URL('./redirect-connections.mjs', import.meta.url).href;
const backOffMs = 500;

/** An instance of shipping-service, restarted whenever it ends by itself. */
export interface Shipping {
  pid(): number;
  /** Ends it for good with SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

/** Starts shipping-service outside `npm start`, so that its connections to Kafka and ksqlDB can use proxies. */
export function startShipping(instance: string, env: NodeJS.ProcessEnv, logFolder: string): Shipping {
  const log = createWriteStream(path.join(logFolder, `${instance}.log`), { flags: 'a' });
  const stopping = new AbortController();
  let child: ChildProcess = startOnce();

  function startOnce(): ChildProcess {
    // A separate process group, so that Ctrl-C reaches only the runner, which then stops the service.
    const preloads = ['--import', 'tsx', ...(env['REDIRECT_CONNECTIONS'] ? ['--import', redirect] : [])];
    const started = spawn(process.execPath, [...preloads, 'src/main.ts'], {
      cwd: folder,
      env: { ...env, INSTANCE: instance },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    return started;
  }

  async function keepRunning(): Promise<number | null> {
    for (;;) {
      const [code] = (await once(child, 'close')) as [number | null];
      if (stopping.signal.aborted || !(await pause(backOffMs, stopping.signal))) return code;
      child = startOnce();
    }
  }

  const ended = keepRunning();
  const killGroup = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', killGroup);
  return {
    pid: () => child.pid ?? 0,
    async stop() {
      stopping.abort();
      child.kill('SIGTERM');
      const code = await ended;
      process.off('exit', killGroup);
      log.end();
      return code;
    },
  };
}
