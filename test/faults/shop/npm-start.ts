import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readPid } from '../../fleet/start-fleet.ts';

const [launch, main] = ['../../../local/launch.mjs', '../../../local/src/main.ts'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
) as [string, string];

export interface NpmStart {
  /** Of `npm start` itself. */
  mainPid: number;
  /** Of the process that is this part now. @throws when it has none */
  pid(part: string): number;
  /** Settles when it has ended by itself, with what it said last. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** `npm start` with these words, as a user would type it; resolves when the shop is open. @throws with what it said */
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
