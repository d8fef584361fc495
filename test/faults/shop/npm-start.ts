import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readPid } from '../../fleet/start-fleet.ts';

const [launch, main] = ['../../../local/launch.mjs', '../../../local/src/main.ts'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
) as [string, string];

export interface NpmStart {
  /** The process id of `npm start` itself. */
  mainPid: number;
  /** Returns the process id of a part. @throws when it does not run */
  pid(part: string): number;
  /** Resolves with the last output when it has ended. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Runs `npm start` with these flags, and resolves when the shop is open. @throws with its output */
export async function npmStart(words: readonly string[], env: NodeJS.ProcessEnv, data: string): Promise<NpmStart> {
  const child = spawn(process.execPath, [launch, main, ...words], {
    env: { ...process.env, ...env, SHOP_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const closed = once(child, 'close');
  const open = new Promise<true>((resolve) => {
    const hear = (text: string) => {
      said = `${said}${text}`.slice(-20_000);
      if (said.includes('the shop is open')) resolve(true);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
  });
  const ended = closed.then(([code]) => `npm start ended with code ${code}:\n${said}`);
  const result = await Promise.race([open, ended]);
  if (result !== true) throw new Error(result);
  return {
    mainPid: child.pid ?? 0,
    pid: (part) => readPid(data, part),
    ended,
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
