import type { Connection } from '../http/upgrades.ts';
import type { WebsocketSettings } from '../settings.ts';
import { createStreamClient } from './client.ts';
import type { Hub } from './hub.ts';
import { BadQuery, readSubscription } from './read-subscription.ts';

/** Close code "policy violation": what the client asked or sent is not understood. */
const notUnderstood = 1008;

export interface StreamParts {
  hub: Hub;
  settings: WebsocketSettings;
  countMissed(count: number): void;
}

/** Gives a new connection the stream that its address asks for. The stream takes no messages. */
export function acceptStream(
  { webSocket, socket, url }: Connection,
  { hub, settings, countMissed }: StreamParts,
): void {
  try {
    const subscription = readSubscription(url.searchParams, settings.TOPICS);
    const bufferBytes = settings.CLIENT_BUFFER_KIB * 1_024;
    const client = createStreamClient({ webSocket, socket, bufferBytes, raw: subscription.raw, onMissed: countMissed });
    const unsubscribe = hub.subscribe(client, subscription);
    webSocket.on('close', unsubscribe);
    webSocket.on('message', () => webSocket.close(notUnderstood, 'this stream takes no messages'));
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    webSocket.close(notUnderstood, error.message.slice(0, 120));
  }
}
