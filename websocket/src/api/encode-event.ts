import type { LiveMessage } from './read-message.ts';

/**
 * Encodes a message for the stream: `{topic, partition, offset, key, value, timestamp, seq}`. A JSON value is copied
 * unchanged. Any other value is a string, and `value_format` (`key_format`) is `text` or `base64`. `headers` is present
 * when there are any.
 *
 * @param seq number of the message in its topic partition, counted by this process; none for one that is not streamed
 */
export function encodeEvent(
  { topic, partition, offset, key, value, timestamp, headers }: LiveMessage,
  seq?: number,
): string {
  const fields = [
    `"topic":${JSON.stringify(topic)}`,
    `"partition":${partition}`,
    `"offset":${offset}`,
    `"key":${key.format === 'none' ? 'null' : JSON.stringify(key.text)}`,
    `"value":${value.format === 'none' ? 'null' : value.format === 'json' ? value.text : JSON.stringify(value.text)}`,
    `"timestamp":${timestamp}`,
  ];
  if (seq !== undefined) fields.push(`"seq":${seq}`);
  if (key.format === 'base64') fields.push('"key_format":"base64"');
  if (value.format === 'text' || value.format === 'base64') fields.push(`"value_format":"${value.format}"`);
  if (Object.keys(headers).length > 0) fields.push(`"headers":${JSON.stringify(headers)}`);
  return `{${fields.join()}}`;
}
