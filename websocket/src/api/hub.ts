import { randomUUID } from 'node:crypto';
import type { StreamHello, TopicGap } from '@shop/common';
import { type Channel, createChannel } from './channel.ts';
import type { StreamClient } from './client.ts';
import { encodeEvent } from './encode-event.ts';
import { encodeGap } from './encode-gap.ts';
import { encodeFrame } from './frame.ts';
import { createHistory } from './history.ts';
import type { LiveMessage } from './read-message.ts';

/** A client's subscription. */
export interface Subscription {
  /** Sorted, without duplicates. */
  topics: string[];
  /** Only the values, unchanged. */
  raw: boolean;
  /** How many of the last messages to send first. */
  replay: number;
}

type Wanted = Pick<Subscription, 'topics' | 'raw'>;

/** Numbers every message, and sends it to all subscribers of its topic. */
export interface Hub {
  /** Distinguishes the sequence numbers of this process from those of another one. */
  readonly stream: string;
  /** @returns the event as JSON */
  publish(message: LiveMessage): string;
  /** Announces to all clients messages that were deleted unread. */
  announceGap(gap: TopicGap): void;
  /** Sends the greeting, the last messages and all later ones to a client. @returns a function that unsubscribes it */
  subscribe(client: StreamClient, subscription: Subscription): () => void;
  closeAll(): void;
}

/** Close code "going away". */
const goingAway = 1001;

/** Maximum memory for the replay of one topic. */
const historyBytesPerTopic = 4 * 1024 * 1024;

export function createHub({ replayPerTopic, replayBytes }: { replayPerTopic: number; replayBytes: number }): Hub {
  const stream = randomUUID();
  const lastSeq = new Map<string, { topic: string; partition: number; seq: number }>();
  const channels = new Map<string, { wanted: Wanted; channel: Channel }>();
  const history = createHistory({ count: replayPerTopic, bytes: historyBytesPerTopic });

  function nextSeq(topic: string, partition: number): number {
    const id = `${topic}/${partition}`;
    const last = lastSeq.get(id) ?? { topic, partition, seq: 0 };
    last.seq += 1;
    lastSeq.set(id, last);
    return last.seq;
  }

  function openChannel({ topics, raw }: Wanted): { id: string; channel: Channel } {
    const id = JSON.stringify([raw, topics]);
    const known = channels.get(id);
    if (known) return { id, channel: known.channel };
    const channel = createChannel();
    channels.set(id, { wanted: { topics, raw }, channel });
    return { id, channel };
  }

  function hello({ topics }: Subscription, replayed: number): Buffer {
    const sequences = [...lastSeq.values()]
      .filter(({ topic }) => topics.includes(topic))
      .map(({ topic, partition, seq }) => ({ topic, partition, next_seq: seq + 1 }));
    const greeting: StreamHello = { type: 'hello', stream, topics, replayed, sequences };
    return encodeFrame(JSON.stringify(greeting));
  }

  return {
    stream,
    publish(message) {
      const { topic, partition, bytes } = message;
      const seq = nextSeq(topic, partition);
      const json = encodeEvent(message, seq);
      const frame = encodeFrame(json);
      const rawFrame = bytes && encodeFrame(bytes, message.value.format === 'base64' ? 'binary' : 'text');
      history.add({ topic, partition, seq, frame, rawFrame });
      for (const { wanted, channel } of channels.values()) {
        const wantedFrame = wanted.raw ? rawFrame : frame;
        if (wantedFrame && wanted.topics.includes(topic)) channel.push(wantedFrame, topic, partition, seq);
      }
      return json;
    },
    announceGap(gap) {
      const frame = encodeFrame(encodeGap(gap));
      for (const { wanted, channel } of channels.values())
        if (!wanted.raw && wanted.topics.includes(gap.topic)) channel.announce(frame);
    },
    subscribe(client, subscription) {
      const { topics, raw, replay } = subscription;
      const { id, channel } = openChannel({ topics, raw });
      channel.flush();
      const { frames, spans } = history.last(topics, { count: replay, bytes: replayBytes, raw });
      const first = raw ? frames : [hello(subscription, frames.length), ...frames];
      if (first.length > 0) client.send(Buffer.concat(first), spans);
      channel.add(client);
      return () => {
        channel.remove(client);
        if (channel.clients.size === 0) channels.delete(id);
      };
    },
    closeAll() {
      for (const { channel } of channels.values()) {
        channel.flush();
        for (const client of channel.clients) client.close(goingAway, 'the service is stopping');
      }
    },
  };
}
