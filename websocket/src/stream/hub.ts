import { randomUUID } from 'node:crypto';
import type { LostOffsets } from '../kafka/topic-positions.ts';
import { type Channel, createChannel } from './channel.ts';
import type { StreamClient } from './client.ts';
import { encodeEvent } from './encode-event.ts';
import { encodeFrame } from './frame.ts';
import type { LiveMessage } from './read-message.ts';

/** What a client asked for. */
export interface Subscription {
  topics: string[];
  /** Only the values, untouched. */
  raw: boolean;
  /** How many of the last messages to send first. */
  replay: number;
}

type Wanted = Pick<Subscription, 'topics' | 'raw'>;

/** Numbers every message, and gives it to all who subscribed to its topic. */
export interface Hub {
  publish(message: LiveMessage): void;
  /** Tells everybody of messages that nobody can have any more. */
  announceLost(lost: LostOffsets): void;
  /** Greets the client, and sends it everything from now on. @returns takes it out again */
  subscribe(client: StreamClient, subscription: Subscription): () => void;
  closeAll(): void;
}

/** Close code "going away". */
const goingAway = 1001;

export function createHub(): Hub {
  /** Tells this process's numbers from another's. */
  const stream = randomUUID();
  const lastSeq = new Map<string, { topic: string; partition: number; seq: number }>();
  const channels = new Map<string, { wanted: Wanted; channel: Channel }>();

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

  function hello({ topics }: Subscription): Buffer {
    const sequences = [...lastSeq.values()]
      .filter(({ topic }) => topics.includes(topic))
      .map(({ topic, partition, seq }) => ({ topic, partition, next_seq: seq + 1 }));
    return encodeFrame(JSON.stringify({ type: 'hello', stream, topics, sequences }));
  }

  return {
    publish(message) {
      const { topic, partition } = message;
      const seq = nextSeq(topic, partition);
      let event: Buffer | undefined;
      let raw: Buffer | undefined;
      for (const { wanted, channel } of channels.values()) {
        if (!wanted.topics.includes(topic)) continue;
        if (!wanted.raw) {
          event ??= encodeFrame(encodeEvent(message, seq));
          channel.push(event, topic, partition, seq);
        } else if (message.bytes !== null) {
          raw ??= encodeFrame(message.bytes, message.value.format === 'base64' ? 'binary' : 'text');
          channel.push(raw, topic, partition, seq);
        }
      }
    },
    announceLost(lost) {
      const frame = encodeFrame(JSON.stringify({ type: 'gap', ...lost }));
      for (const { wanted, channel } of channels.values())
        if (!wanted.raw && wanted.topics.includes(lost.topic)) channel.announce(frame);
    },
    subscribe(client, subscription) {
      const { id, channel } = openChannel(subscription);
      channel.flush();
      if (!subscription.raw) client.send(hello(subscription), new Map());
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
