import { describeError, pause, type ServiceContext } from '@shop/common';
import { WebSocket } from 'ws';
import type { StreamSequences } from './stream-sequences.ts';

export interface StreamFollower {
  /** Why there is no connection; undefined while there is one. */
  readonly unavailable: string | undefined;
  stop(): Promise<void>;
}

/** Pause between two connections, ms. */
const pauseMs = 2_000;
/** The server pings every 30 s. A connection without any frame for this long is dead, ms. */
const silenceMs = 90_000;

/** Reads the stream as a browser does, and reconnects when it ends. */
export function followStream(
  url: string,
  sequences: StreamSequences,
  { logger }: Pick<ServiceContext, 'logger'>,
): StreamFollower {
  const stopping = new AbortController();
  let unavailable: string | undefined = 'not connected yet';
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
      const resetSilence = () => {
        clearTimeout(silence);
        silence = setTimeout(() => socket.terminate(), silenceMs);
      };
      socket.on('open', () => {
        unavailable = undefined;
      });
      socket.on('ping', resetSilence);
      socket.on('message', (body) => {
        resetSilence();
        sequences.read(String(body));
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
      if (unavailable === undefined) logger.warn({ dependency: 'websocket', reason }, 'stream ended, reconnecting');
      unavailable = `websocket: ${reason}`;
      await pause(pauseMs, stopping.signal);
    }
  }

  const reading = keepReading();
  return {
    get unavailable() {
      return unavailable;
    },
    async stop() {
      stopping.abort();
      current?.terminate();
      await reading;
    },
  };
}
