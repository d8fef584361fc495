import { until } from '@shop/test-support';
import WebSocket from 'ws';

/** Something the stream said: an event, or a message with a `type`. */
export interface Said {
  type?: string;
  topic?: string;
  partition?: number;
  offset?: number;
  key?: string | null;
  value?: unknown;
  seq?: number;
  [field: string]: unknown;
}

/** Reads a stream to its end, and keeps all of it. */
export async function readStream(port: number, path = '/', options: WebSocket.ClientOptions = {}) {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  const texts: string[] = [];
  const closed: { code?: number; reason?: string; status?: number } = {};
  webSocket.on('message', (message) => texts.push(String(message)));
  webSocket.on('close', (code, reason) => Object.assign(closed, { code, reason: String(reason) }));
  webSocket.on('unexpected-response', (_request, response) => {
    Object.assign(closed, { code: 0, status: response.statusCode });
    response.resume();
  });
  webSocket.on('error', () => Object.assign(closed, { code: closed.code ?? 0 }));
  await until('open or refused', () => webSocket.readyState === webSocket.OPEN || closed.code !== undefined);
  const said = (): Said[] => texts.map((text) => JSON.parse(text));
  return {
    webSocket,
    texts,
    closed,
    said,
    events: () => said().filter(({ type }) => type === undefined),
    close: () => webSocket.terminate(),
  };
}
