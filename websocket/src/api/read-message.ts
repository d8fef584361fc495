import { isUtf8 } from 'node:buffer';
import { parseJson, type TopicRecord } from '@shop/common';

/** Bytes of a message in a form that JSON can hold. */
type Content =
  | { format: 'json' /** The JSON text, unchanged. */; text: string; parsed: unknown }
  | { format: 'text'; text: string }
  | { format: 'base64'; text: string }
  | { format: 'none' };

/** A message as the stream handles it. */
export interface LiveMessage {
  topic: string;
  partition: number;
  offset: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  /** The text in Kafka, or base64 when it is no text. */
  key: Exclude<Content, { format: 'json' }>;
  value: Content;
  headers: Readonly<Record<string, string>>;
  /** The value's bytes; `null` for a tombstone. */
  bytes: Buffer | null;
}

export function readMessage({ topic, partition, offset, timestamp, key, value, headers }: TopicRecord): LiveMessage {
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: readText(key),
    value: readValue(value),
    headers,
    bytes: value,
  };
}

function readText(bytes: Buffer | null): Exclude<Content, { format: 'json' }> {
  if (bytes === null) return { format: 'none' };
  return isUtf8(bytes)
    ? { format: 'text', text: bytes.toString('utf8') }
    : { format: 'base64', text: bytes.toString('base64') };
}

function readValue(bytes: Buffer | null): Content {
  const content = readText(bytes);
  if (content.format !== 'text') return content;
  try {
    return { format: 'json', text: content.text, parsed: parseJson(content.text) };
  } catch {
    return content; // no JSON, or nested too deeply: passed on as text and marked so
  }
}
