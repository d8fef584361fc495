import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { untilPasses } from '@shop/test-support';
import { testBroker } from './broker.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface TestServer {
  readonly url: string;
  readonly pid: number;
  /** All it wrote. */
  readonly log: () => string;
  /** Waits until it answers; `headers` for one that asks for a login. */
  ready(headers?: Record<string, string>): Promise<void>;
  /** Ends it by the signal; returns its exit code, null if it was killed. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Starts the server as users do, on a free port. */
export async function startServer(serviceId: string, args: readonly string[] = []): Promise<TestServer> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', MAIN, '--kafka', testBroker(), '--port', '0', '--service-id', serviceId, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LOG_LEVEL: 'info', HEALTH_PORT: '' } },
  );
  const killWithTest = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithTest);
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += String(chunk);
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}\n${log}`)));
    if (child.stdout === null) return reject(new Error('no output'));
    createInterface(child.stdout).on('line', (line) => {
      log += `${line}\n`;
      const found = /"port":(\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const url = `${args.includes('--tls-cert') ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid ?? 0,
    log: () => log,
    ready: (headers = {}) =>
      untilPasses(
        'a server that is ready',
        async () => {
          const answer = await fetch(`${url}/info`, { headers });
          if (answer.status !== 200) throw new Error(`${answer.status}: not ready\n${log}`);
          await answer.text();
        },
        { patienceMs: 300_000 },
      ),
    async end(signal) {
      process.off('exit', killWithTest);
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = await ended;
      return typeof code === 'number' ? code : null;
    },
  };
}

/** Sends statements to /ksql and expects that they are carried out. */
export async function runStatements(
  url: string,
  ksql: string,
  streamsProperties: object = { 'auto.offset.reset': 'earliest' },
): Promise<void> {
  const answer = await fetch(`${url}/ksql`, { method: 'POST', body: JSON.stringify({ ksql, streamsProperties }) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
}

/** The rows of a query, without the header. */
export async function rowsOf(url: string, sql: string): Promise<unknown[][]> {
  const answer = await fetch(`${url}/query-stream`, { method: 'POST', body: JSON.stringify({ sql }) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
}
