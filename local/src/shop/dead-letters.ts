import {
  createIdempotentProducer,
  deadLetterHeaders,
  deadLetterHeaderValues,
  type RecordPosition,
  readToEnd,
  readTopics,
  type ServiceContext,
  ShopError,
  type TopicRecord,
} from '@shop/common';
import { openKafka } from './open-kafka.ts';

/** A message of `dead_letters`. */
export interface DeadLetter {
  /** Partition and offset in `dead_letters`, such as `2/17`. */
  place: string;
  /** Where the message was found. */
  from: RecordPosition;
  /** When it was set aside, ISO 8601. */
  at: string;
  service: string;
  code: string;
  message: string;
  key: string | null;
  /** Bytes that are no text are in base64, after `base64:`. */
  value: string | null;
  /** The other headers. */
  headers: Record<string, string>;
}

/** Reads the newest dead letters, oldest first. @throws ShopError `kafka_unavailable` */
export async function listDeadLetters(last: number, context: ServiceContext): Promise<DeadLetter[]> {
  let newest: DeadLetter[] = [];
  await readDeadLetters(context, (letter) => {
    newest.push(letter);
    if (newest.length >= 2 * last) newest = keepNewest(newest, last);
  });
  return keepNewest(newest, last);
}

const keepNewest = (letters: DeadLetter[], last: number) =>
  letters.sort((a, b) => a.at.localeCompare(b.at)).slice(-last);

/** Finds a dead letter by its place. @throws ShopError `kafka_unavailable`, or `no_such_dead_letter` */
export async function findDeadLetter(place: string, context: ServiceContext): Promise<DeadLetter> {
  let found: DeadLetter | undefined;
  await readDeadLetters(context, (letter) => {
    if (letter.place === place) found = letter;
  });
  if (found) return found;
  throw new ShopError('no_such_dead_letter', `There is no dead letter ${place}. "dead-letters list" shows the newest.`);
}

async function readDeadLetters(context: ServiceContext, onLetter: (letter: DeadLetter) => void): Promise<void> {
  const { kafka } = await openKafka(context);
  const { topic } = readTopics(context.env).deadLetters;
  await readToEnd({ kafka, topic, onRecord: (record) => onLetter(toDeadLetter(record)) }, context);
}

function toDeadLetter({ partition, offset, timestamp, key, value, headers }: TopicRecord): DeadLetter {
  const own: ReadonlySet<string> = new Set(Object.values(deadLetterHeaders));
  const { data } = deadLetterHeaderValues.safeParse(headers);
  return {
    place: `${partition}/${offset}`,
    from: {
      topic: data?.[deadLetterHeaders.topic] ?? 'unknown',
      partition: Number(data?.[deadLetterHeaders.partition] ?? -1),
      offset: Number(data?.[deadLetterHeaders.offset] ?? -1),
    },
    at: new Date(timestamp).toISOString(),
    service: headers[deadLetterHeaders.service] ?? 'unknown',
    code: headers[deadLetterHeaders.code] ?? 'unknown',
    message: headers[deadLetterHeaders.message] ?? '',
    key: key && toText(key),
    value: value && toText(value),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name))),
  };
}

const base64 = 'base64:';

function toText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : `${base64}${bytes.toString('base64')}`;
}

/** Why a dead letter of this kind is never sent again. */
const refusals: Readonly<Record<string, string>> = {
  duplicate_order: 'It is a second copy. The first one has its own outcome.',
  unreadable_batch: 'Its value is a whole batch that cannot be decoded.',
};

/**
 * Sends the message of a dead letter to the partition in which it was found. The dead letter stays.
 *
 * @param value in place of the former value, which is sent again as it is when undefined
 * @returns where the message is now
 * @throws ShopError `kafka_unavailable`, or `not_sent_again` for a message that must not be sent again
 */
export async function replayDeadLetter(
  letter: DeadLetter,
  value: string | undefined,
  context: ServiceContext,
): Promise<RecordPosition> {
  const { topic } = readTopics(context.env).orders;
  const refusal = letter.from.topic === topic ? refusals[letter.code] : `Only messages of ${topic} can be sent again.`;
  if (refusal) throw new ShopError('not_sent_again', `Dead letter ${letter.place} was not sent: ${refusal}`);
  const { kafka } = await openKafka(context);
  const producer = createIdempotentProducer(kafka);
  context.onClose(() => producer.disconnect());
  await producer.connect();
  const { key, headers, from } = letter;
  const message = { key: toBytes(key), value: value ?? toBytes(letter.value), headers, partition: from.partition };
  const [written] = await producer.send({ topic, messages: [message], acks: -1 });
  return { topic, partition: from.partition, offset: Number(written?.baseOffset ?? -1) };
}

const toBytes = (text: string | null): Buffer | null =>
  text?.startsWith(base64)
    ? Buffer.from(text.slice(base64.length), 'base64')
    : text === null
      ? null
      : Buffer.from(text);
