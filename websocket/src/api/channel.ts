import type { StreamClient } from './client.ts';
import { addSpan, type Spans } from './span.ts';

/** How long messages are collected before one write sends them, the same bytes to each client. */
const gatherMs = 15;
const gatherBytes = 64 * 1024;

/** Clients with the same subscription. */
export interface Channel {
  readonly clients: ReadonlySet<StreamClient>;
  add(client: StreamClient): void;
  remove(client: StreamClient): void;
  /** Adds a frame for all clients. */
  push(frame: Buffer, topic: string, partition: number, seq: number): void;
  /** Adds a frame that is no message of a topic. */
  announce(frame: Buffer): void;
  /** Writes the collected frames. */
  flush(): void;
}

export function createChannel(): Channel {
  const clients = new Set<StreamClient>();
  let frames: Buffer[] = [];
  let bytes = 0;
  let spans: Spans = new Map();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (frames.length === 0) return;
    const [only] = frames;
    const chunk = only && frames.length === 1 ? only : Buffer.concat(frames, bytes);
    const held = spans;
    frames = [];
    bytes = 0;
    spans = new Map();
    for (const client of clients) client.send(chunk, held);
  }

  function gather(frame: Buffer): void {
    frames.push(frame);
    bytes += frame.length;
    if (bytes >= gatherBytes) flush();
    else timer ??= setTimeout(flush, gatherMs);
  }

  return {
    clients,
    add(client) {
      flush(); // earlier frames are not for the new client
      clients.add(client);
    },
    remove(client) {
      clients.delete(client);
    },
    push(frame, topic, partition, seq) {
      if (clients.size === 0) return;
      addSpan(spans, { topic, partition, from_seq: seq, to_seq: seq });
      gather(frame);
    },
    announce(frame) {
      if (clients.size > 0) gather(frame);
    },
    flush,
  };
}
