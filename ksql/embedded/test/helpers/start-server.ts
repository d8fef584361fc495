import { startServiceProcess, testKafka, untilPasses } from '@shop/test-support';

const main = new URL('../../src/main.ts', import.meta.url);

export interface TestServer {
  readonly url: string;
  readonly pid: number;
  /** Returns its log. */
  readonly log: () => string;
  /** Waits until it answers. A server with a login needs `headers`. */
  ready(headers?: Record<string, string>): Promise<void>;
  /** Sends the signal and returns the exit code, null if it was killed. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Starts the server as a user would, on a free port. */
export async function startServer(serviceId: string, args: readonly string[] = []): Promise<TestServer> {
  const service = startServiceProcess(main, { HEALTH_PORT: '' }, [
    ...['--kafka', testKafka(), '--port', '0', '--service-id', serviceId],
    ...args,
  ]);
  const { port } = await service.said(/"port":\d+/);
  const url = `${args.includes('--tls-cert') ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    url,
    pid: service.pid,
    log: service.output,
    ready: (headers = {}) =>
      untilPasses(
        'a server that is ready',
        async () => {
          const answer = await fetch(`${url}/info`, { headers });
          if (answer.status !== 200) throw new Error(`${answer.status}: not ready\n${service.output()}`);
          await answer.text();
        },
        { patienceMs: 300_000 },
      ),
    end: service.end,
  };
}

/** Sends statements to /ksql. @throws when one fails */
export async function runStatements(
  url: string,
  ksql: string,
  streamsProperties: object = { 'auto.offset.reset': 'earliest' },
): Promise<void> {
  const answer = await fetch(`${url}/ksql`, { method: 'POST', body: JSON.stringify({ ksql, streamsProperties }) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
}

/** Returns the rows of a query, without the header. */
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
