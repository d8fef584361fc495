import type { Connection } from '../http/upgrades.ts';
import type { WebsocketSettings } from '../settings.ts';
import { createStreamClient } from './client.ts';
import type { Hub } from './hub.ts';
import { BadQuery, readSubscription } from './read-subscription.ts';

/** Close code "policy violation": the client's query or message is invalid. */
const notUnderstood = 1008;

export interface StreamParts {
  hub: Hub;
  settings: WebsocketSettings;
  countMissed(count: number): void;
}

/** The default query for clients of the original demo. */
const originalDemo = { topics: 'FINAL_INVENTORY', mode: 'raw' };

/** The stream's paths: `/`, and `/websocket` as clients of the original demo expect it. */
export function createStreamPaths(parts: StreamParts) {
  return {
    '/': (connection: Connection) =>
      acceptStream(connection, parts, {}, ({ webSocket }) =>
        webSocket.close(notUnderstood, 'this stream takes no messages'),
      ),
    // The original ignored what its clients sent.
    '/websocket': (connection: Connection) => acceptStream(connection, parts, originalDemo, () => undefined),
  };
}

/** Subscribes a new connection to the stream that its address names. */
function acceptStream(
  connection: Connection,
  { hub, settings, countMissed }: StreamParts,
  defaults: Record<string, string>,
  onMessage: (connection: Connection) => void,
): void {
  const { webSocket, socket, url } = connection;
  try {
    const query = new URLSearchParams({ ...defaults, ...Object.fromEntries(url.searchParams) });
    const subscription = readSubscription(query, settings.TOPICS);
    const bufferBytes = settings.CLIENT_BUFFER_KIB * 1_024;
    const client = createStreamClient({ webSocket, socket, bufferBytes, raw: subscription.raw, onMissed: countMissed });
    const unsubscribe = hub.subscribe(client, subscription);
    webSocket.on('close', unsubscribe);
    webSocket.on('message', () => onMessage(connection));
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    webSocket.close(notUnderstood, error.message.slice(0, 120));
  }
}
