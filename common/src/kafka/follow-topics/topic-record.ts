import type { KafkaMessage } from 'kafkajs';
import { hasBrokerTimestamp } from '../record-batches.ts';

/** Where a record is. */
export interface RecordPosition {
  topic: string;
  partition: number;
  offset: number;
}

/**
 * A record of a topic, with its position. A batch that cannot be decoded is one record, at its last offset: its value is the
 * batch as the broker keeps it.
 */
export interface TopicRecord extends RecordPosition {
  /** ms since 1970, as the broker or the producer wrote it. */
  timestamp: number;
  /** Whether the broker wrote the timestamp. */
  stampedByBroker: boolean;
  key: Buffer | null;
  value: Buffer | null;
  headers: Readonly<Record<string, string>>;
}

/** The record of a message that kafkajs has read. */
export function toTopicRecord(topic: string, partition: number, message: KafkaMessage): TopicRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {}))
    headers[name] = String(Array.isArray(value) ? value[0] : value);
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    stampedByBroker: hasBrokerTimestamp(message),
    key: message.key,
    value: message.value,
    headers,
  };
}
