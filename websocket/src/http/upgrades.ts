import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError, type Logger } from '@shop/common';
import { type WebSocket, WebSocketServer } from 'ws';
import type { WebsocketSettings } from '../settings.ts';
import { type Refusal, refuseOrigin } from './page-origin.ts';
import { readUrl } from './read-url.ts';

/** Maximum size of a client's message, in bytes. */
const clientPayloadBytes = 1_024;

const goodbyeMs = 500;

export interface Connection {
  webSocket: WebSocket;
  /** The connection under it. */
  socket: Duplex;
  url: URL;
}

/** Tracks whether a client is alive: it answers pings, or it continues to read the data that waits before the ping. */
interface Life {
  answered: boolean;
  socket: Duplex;
  /** Bytes that waited for the client, and bytes sent to it, at the last ping. */
  waiting: number;
  taken: number;
}

type Accept = (connection: Connection) => void;

/** Accepts WebSocket connections, checks their origin, limits their number, and closes those whose client disappeared. */
export function createUpgrades(settings: WebsocketSettings, logger: Logger, paths: Record<string, Accept>) {
  const server = new WebSocketServer({ noServer: true, maxPayload: clientPayloadBytes, perMessageDeflate: false });
  const perAddress = new Map<string, number>();
  const lives = new Map<WebSocket, Life>();

  const heartbeat = setInterval(() => {
    for (const [client, { answered, socket, waiting, taken }] of lives) {
      const takenNow = bytesWritten(socket) - socket.writableLength;
      if (!answered && !(waiting > 0 && takenNow > taken)) client.terminate();
      else client.ping();
      lives.set(client, { answered: false, socket, waiting: socket.writableLength, taken: takenNow });
    }
  }, settings.HEARTBEAT_SECONDS * 1_000);

  function refusal(request: IncomingMessage): Refusal | undefined {
    const foreign = refuseOrigin(request, settings.ALLOWED_ORIGINS);
    if (foreign) return foreign;
    if (server.clients.size >= settings.MAX_CLIENTS)
      return { status: 503, reason: 'Too many connections (MAX_CLIENTS).' };
    const limit = settings.MAX_CLIENTS_PER_ADDRESS;
    if (limit > 0 && (perAddress.get(addressOf(request)) ?? 0) >= limit)
      return { status: 429, reason: 'Too many connections from this address (MAX_CLIENTS_PER_ADDRESS).' };
    return undefined;
  }

  function count(address: string, change: 1 | -1): void {
    const left = (perAddress.get(address) ?? 0) + change;
    if (left > 0) perAddress.set(address, left);
    else perAddress.delete(address);
  }

  return {
    get size() {
      return server.clients.size;
    },
    /** Why a connection with these headers would be refused now; `undefined` when it would be accepted. */
    refusal,
    handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      socket.on('error', () => socket.destroy());
      const address = addressOf(request);
      const url = readUrl(request);
      const accept = url && paths[url.pathname];
      const refused = refusal(request);
      if (refused) return void refuse(socket, refused);
      if (!accept) {
        refuse(socket, { status: 404, reason: `Connect to ${Object.keys(paths).join(' or ')}.` });
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        count(address, 1);
        lives.set(webSocket, { answered: true, socket, waiting: 0, taken: 0 });
        webSocket.on('pong', () => {
          const now = lives.get(webSocket);
          if (now) now.answered = true;
        });
        webSocket.on('close', () => {
          lives.delete(webSocket);
          count(address, -1);
        });
        // Too long, not UTF-8 or reset: ws closes the connection with the matching code.
        webSocket.on('error', (error) =>
          logger.debug({ reason: describeError(error) }, 'client violated the protocol'),
        );
        accept({ webSocket, socket, url });
      });
    },
    /** Gives clients a moment to disconnect after the close message. */
    async close(): Promise<void> {
      clearInterval(heartbeat);
      server.close();
      const gone = [...server.clients].map((client) => once(client, 'close'));
      await Promise.race([Promise.all(gone), delay(goodbyeMs)]);
      for (const client of server.clients) client.terminate();
    },
  };
}

const bytesWritten = (socket: Duplex) => (socket instanceof Socket ? socket.bytesWritten : 0);

const addressOf = (request: IncomingMessage) => request.socket.remoteAddress ?? '';

function refuse(socket: Duplex, { status, reason }: Refusal): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'connection: close',
    'content-type: text/plain; charset=utf-8',
    'x-content-type-options: nosniff',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

export type Upgrades = ReturnType<typeof createUpgrades>;
