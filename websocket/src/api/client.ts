import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { encodeFrame } from './frame.ts';
import { addSpan, type Span, type Spans } from './span.ts';

/** Someone who reads the stream. Never waits for anybody: what a slow client cannot take is left out and announced. */
export interface StreamClient {
  /** @param spans what the frames hold, to be announced if they are left out */
  send(frames: Buffer, spans: Spans): void;
  close(code: number, reason: string): void;
}

export interface ClientConnection {
  webSocket: WebSocket;
  /** The connection under the WebSocket: frames that are the same for everybody are written to it as they are. */
  socket: Duplex;
  /** Bytes that may wait in memory. */
  bufferBytes: number;
  /** Raw clients get values and nothing else, so a gap can be announced only by ending the connection. */
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
      // While something was left out, nothing goes out before its gap is announced, once all has drained.
      const room = missed.size === 0 && socket.writableLength + frames.length <= bufferBytes;
      if (room || (missed.size === 0 && socket.writableLength === 0)) socket.write(frames);
      else leaveOut(spans);
    },
    close: (code, reason) => webSocket.close(code, reason),
  };
}

/** What a client is told that missed messages. */
function gapOf(span: Span) {
  return { type: 'gap', reason: 'slow_client', ...span, missed: span.to_seq - span.from_seq + 1 };
}
