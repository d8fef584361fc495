import http from 'node:http';

export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends queries over keep-alive connections, each its next one when the last is answered, for so many seconds. */
export async function measureQueries(
  url: string,
  connections: number,
  seconds: number,
  nextSql: () => string,
): Promise<Measured> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      const began = performance.now();
      await post(url, agent, JSON.stringify({ sql: nextSql() }));
      took.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const elapsed = (performance.now() - began) / 1_000;
  agent.destroy();
  return { perSecond: Math.round(took.length / elapsed), ...percentiles(took) };
}

export function percentiles(values: number[]): { p50Ms: number; p99Ms: number } {
  values.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((values[Math.floor((values.length - 1) * share)] ?? 0) * 10) / 10;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function post(url: string, agent: http.Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/vnd.ksqlapi.delimited.v1', 'content-length': Buffer.byteLength(body) };
    const request = http.request(`${url}/query-stream`, { method: 'POST', agent, headers }, (response) => {
      let size = 0;
      response.on('data', (chunk) => {
        size += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 && size > 0 ? resolve() : reject(new Error(`${response.statusCode}`)),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
