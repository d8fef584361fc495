import { describeError, pause, type ServiceContext } from '@shop/common';
import { WebSocket } from 'ws';
import type { createStreamCheck } from './stream-sequences.ts';

export interface StreamFollower {
  /** Why there is no connection. */
  readonly away: string | undefined;
  stop(): Promise<void>;
}

/** Between two connections, ms. */
const pauseMs = 2_000;
/** The server asks for a sign of life every 30 s; a connection without one for longer is dead, ms. */
const silenceMs = 90_000;

/** Reads the stream as a browser does, and connects again when it ends. */
export function followStream(
  url: string,
  check: ReturnType<typeof createStreamCheck>,
  { logger }: Pick<ServiceContext, 'logger'>,
): StreamFollower {
  const stopping = new AbortController();
  let away: string | undefined = 'not connected yet';
  let current: WebSocket | undefined;

  function readOnce(): Promise<string> {
    return new Promise((resolve) => {
      const socket = new WebSocket(url.replace(/^http/, 'ws'), {
        handshakeTimeout: 5_000,
        maxPayload: 64 * 1024 * 1024,
      });
      current = socket;
      let reason = 'the connection was closed';
      let silence = setTimeout(() => socket.terminate(), silenceMs);
      const alive = () => {
        clearTimeout(silence);
        silence = setTimeout(() => socket.terminate(), silenceMs);
      };
      socket.on('open', () => {
        away = undefined;
      });
      socket.on('ping', alive);
      socket.on('message', (body) => {
        alive();
        check.read(String(body));
      });
      socket.on('error', (error) => {
        reason = describeError(error);
      });
      socket.on('close', () => {
        clearTimeout(silence);
        resolve(reason);
      });
    });
  }

  async function keepReading(): Promise<void> {
    while (!stopping.signal.aborted) {
      const reason = await readOnce();
      if (stopping.signal.aborted) return;
      if (away === undefined) logger.warn({ dependency: 'websocket', reason }, 'the stream ended');
      away = `websocket: ${reason}`;
      await pause(pauseMs, stopping.signal);
    }
  }

  const reading = keepReading();
  return {
    get away() {
      return away;
    },
    async stop() {
      stopping.abort();
      current?.terminate();
      await reading;
    },
  };
}
