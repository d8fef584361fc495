import type { Duplex } from 'node:stream';
import type { StreamGap } from '@shop/common';
import type { WebSocket } from 'ws';
import { encodeFrame } from './frame.ts';
import { addSpan, type Span, type Spans } from './span.ts';

/** A client of the stream. Sending never waits: messages that a slow client cannot take are skipped and announced. */
export interface StreamClient {
  /** @param spans the messages in the frames, to announce them if they are skipped */
  send(frames: Buffer, spans: Spans): void;
  close(code: number, reason: string): void;
}

export interface ClientConnection {
  webSocket: WebSocket;
  /** The connection under the WebSocket: frames for all clients are written to it directly. */
  socket: Duplex;
  /** Bytes that may wait in memory. */
  bufferBytes: number;
  /** Raw clients get only values, so closing the connection is the only way to announce a gap. */
  raw?: boolean;
  onMissed?(count: number): void;
}

/** Close code "try again later". */
const tooSlow = 1013;

export function createStreamClient({ webSocket, socket, bufferBytes, raw, onMissed }: ClientConnection): StreamClient {
  const missed: Spans = new Map();

  function announceMissed(): void {
    for (const span of missed.values()) socket.write(encodeFrame(JSON.stringify(gapOf(span))));
    missed.clear();
  }

  function leaveOut(spans: Spans): void {
    for (const span of spans.values()) {
      addSpan(missed, span);
      onMissed?.(span.to_seq - span.from_seq + 1);
    }
    if (raw) webSocket.close(tooSlow, 'too slow: messages were left out');
  }

  socket.on('drain', () => {
    if (webSocket.readyState === webSocket.OPEN) announceMissed();
  });

  return {
    send(frames, spans) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      // After a skipped message nothing is sent until everything has drained and the gap is announced.
      const room = missed.size === 0 && socket.writableLength + frames.length <= bufferBytes;
      if (room || (missed.size === 0 && socket.writableLength === 0)) socket.write(frames);
      else leaveOut(spans);
    },
    close: (code, reason) => webSocket.close(code, reason),
  };
}

/** The announcement to a client that missed messages. */
function gapOf(span: Span): StreamGap {
  return { type: 'gap', reason: 'slow_client', ...span, missed: span.to_seq - span.from_seq + 1 };
}
