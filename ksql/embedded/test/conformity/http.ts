import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface Received {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

const v1Type = 'application/vnd.ksql.v1+json';

/** The headers of a recording that lists none. */
function defaultHeaders({ method, path }: RecordedRequest): Record<string, string> {
  if (method === 'GET') return { accept: v1Type };
  return {
    'content-type': v1Type,
    accept: path.startsWith('/query-stream') ? 'application/vnd.ksqlapi.delimited.v1' : v1Type,
  };
}

/** Sends exactly the recorded headers; fetch would add others. */
export function send(base: string, recorded: RecordedRequest): Promise<Received> {
  const { method, path, headers, body } = recorded;
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const length = payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) };
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, base), {
      method,
      headers: { ...(headers ?? defaultHeaders(recorded)), ...length },
      agent: false,
      timeout: 20_000,
    });
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const contentType = response.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null;
        resolve({ status: response.statusCode ?? 0, contentType, text });
      });
    });
    request.end(payload);
  });
}

export const pause = (ms: number): Promise<void> => delay(ms);
