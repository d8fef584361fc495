import { z } from 'zod';

const whole = z.int().nonnegative();
const place = { topic: z.string(), partition: whole };

/** A message of a topic, as the stream of websocket sends it. */
export const streamEvent = z.looseObject({
  ...place,
  offset: whole,
  key: z.string().nullable().describe('The text in Kafka, or base64 with `key_format`.'),
  value: z.unknown().describe('A JSON value is copied. Any other value is a string. A tombstone is null.'),
  timestamp: z.number().describe('ms since 1970.'),
  seq: whole.describe('Counts the messages of a topic partition from 1, until websocket restarts.'),
  key_format: z.literal('base64').optional().describe('Present when the key is no text.'),
  value_format: z.enum(['text', 'base64']).optional().describe('Present when the value is no JSON.'),
  headers: z.record(z.string(), z.string()).optional().describe('Present when the message has headers.'),
});

export type StreamEvent = z.infer<typeof streamEvent>;

/** The first message of a connection to the stream. */
export const streamHello = z.looseObject({
  type: z.literal('hello'),
  stream: z.string().describe('Changes when websocket restarts.'),
  topics: z.array(z.string()).describe('The topics of this connection.'),
  replayed: whole.describe('How many former messages follow.'),
  sequences: z
    .array(z.looseObject({ ...place, next_seq: whole }))
    .describe('The next `seq` of each topic partition that websocket has read.'),
});
export type StreamHello = z.infer<typeof streamHello>;

/** Announces messages of the stream that the client does not get. */
export const streamGap = z.discriminatedUnion('reason', [
  z.looseObject({
    type: z.literal('gap'),
    reason: z.literal('slow_client').describe('The client read too slowly.'),
    ...place,
    from_seq: whole.describe('The first missing `seq`.'),
    to_seq: whole.describe('The last missing `seq`.'),
    missed: whole.describe('How many are missing.'),
  }),
  z.looseObject({
    type: z.literal('gap'),
    reason: z
      .enum(['deleted_by_kafka', 'topic_recreated'])
      .describe('Kafka deleted the messages before websocket read them.'),
    ...place,
    from_offset: z.int().describe('The first missing offset.'),
    to_offset: z.int().describe('The last missing offset. Those of a recreated topic count in the new topic.'),
  }),
]);
export type StreamGap = z.infer<typeof streamGap>;

/** The query of the stream's address. */
export const streamQuery = z.strictObject({
  topics: z.string().optional().describe('Topics, with commas in between; by default all that are served.'),
  mode: z.enum(['json', 'raw']).default('json').describe('`raw`: only the values, unchanged.'),
  replay: z
    .string()
    .regex(/^\d{1,6}$/)
    .prefault('0')
    .transform(Number)
    .describe('How many of the last messages to send first.'),
});
