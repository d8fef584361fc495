import { createRequire } from 'node:module';
import { registerCodecs } from './codecs.ts';
import { patchOnce } from './patch-once.ts';
import type { FetchedMessage } from './read-committed.ts';

/** The part of kafkajs's decoder that is used here. */
interface Decoder {
  readonly buffer: Buffer;
  offset: number;
}

interface DecodedRecord extends FetchedMessage {
  batchContext: FetchedMessage['batchContext'] & { timestampType?: number };
  magicByte: number;
  attributes: number;
  timestamp: string;
  value: Buffer | null;
  headers: Record<string, unknown>;
}

type DecodeRecordBatch = (decoder: Decoder) => Promise<{ records: DecodedRecord[] }>;
type DecodeMessages = (decoder: Decoder) => Promise<DecodedRecord[]>;

/** Why the records of a batch could not be read, and which offsets they have. */
export interface UnreadableBatch {
  firstOffset: string;
  lastOffset: string;
  cause: unknown;
}

const unreadableBatches = new WeakMap<object, UnreadableBatch>();

/**
 * Tells a message that stands for a whole batch whose records cannot be read. Its value is the batch as the broker keeps it,
 * header included; its offset is that of the last record.
 *
 * @returns `undefined` for an ordinary message
 */
export const findUnreadableBatch = (message: object): UnreadableBatch | undefined => unreadableBatches.get(message);

/** Where the fields of a record batch (message format 2) are, in bytes from its beginning. */
const field = { length: 8, magic: 16, attributes: 21, lastOffsetDelta: 23, maxTimestamp: 35, producerId: 43 } as const;
/** First offset and length: they are not counted in the length. */
const prefixBytes = 12;
const headerBytes = 61;
const transactionalFlag = 0x10;
const controlFlag = 0x20;

/**
 * Replaces how kafkajs decodes the batches of a fetch response. kafkajs throws away the whole response when one batch
 * cannot be decoded, requests it again forever, and never reports its position. It also spreads all records of a batch into
 * one function call, which overflows the stack from about 120,000 on.
 *
 * Here, an unreadable batch becomes one message (see `findUnreadableBatch`). A batch whose last records were compacted
 * away ends with a control record, so that a consumer moves past it at once.
 *
 * Call this before the first fetch response is decoded.
 */
export const patchBatchDecoding = patchOnce(() => {
  registerCodecs();
  const decodeBatch: DecodeRecordBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder');
  const file = require.resolve('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');
  const decodeOldFormat: DecodeMessages = require(file);
  const loaded = require.cache[file];
  if (!loaded) throw new Error(`${file} is not where kafkajs 2.2.4 has it`);
  loaded.exports = (decoder: Decoder) => decodeMessages(decoder, { decodeBatch, decodeOldFormat });
});

const require = createRequire(import.meta.url);

async function decodeMessages(
  decoder: Decoder,
  { decodeBatch, decodeOldFormat }: { decodeBatch: DecodeRecordBatch; decodeOldFormat: DecodeMessages },
): Promise<DecodedRecord[]> {
  const start = decoder.offset + 4;
  const size = decoder.buffer.readInt32BE(decoder.offset);
  if (size > field.magic && decoder.buffer.readInt8(start + field.magic) < 2) return decodeOldFormat(decoder);
  decoder.offset = start + Math.max(size, 0);
  const messages: DecodedRecord[] = [];
  for (const bytes of splitBatches(decoder.buffer.subarray(start, decoder.offset)))
    for (const message of await decodeOne(bytes, decodeBatch)) messages.push(message);
  return messages;
}

/** A response can end in the middle of a batch, which is left out: the next fetch brings it whole. */
function* splitBatches(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const end = at + prefixBytes + bytes.readInt32BE(at + field.length);
    if (end > bytes.length || end < at + headerBytes) return;
    yield bytes.subarray(at, end);
    at = end;
  }
}

async function decodeOne(bytes: Buffer, decodeBatch: DecodeRecordBatch): Promise<DecodedRecord[]> {
  const firstOffset = bytes.readBigInt64BE(0);
  const lastOffset = (firstOffset + BigInt(bytes.readInt32BE(field.lastOffsetDelta))).toString();
  try {
    const decoder: Decoder = new KafkaDecoder(bytes);
    const { records } = await decodeBatch(decoder);
    if (records.at(-1)?.offset !== lastOffset) records.push(placeholder(bytes, lastOffset, { isControlRecord: true }));
    return records;
  } catch (cause) {
    const isControlRecord = (bytes.readInt16BE(field.attributes) & controlFlag) > 0;
    const message = placeholder(bytes, lastOffset, { isControlRecord, value: Buffer.from(bytes) });
    unreadableBatches.set(message, { firstOffset: firstOffset.toString(), lastOffset, cause });
    return [message];
  }
}

const KafkaDecoder: new (bytes: Buffer) => Decoder = require('kafkajs/src/protocol/decoder');

function placeholder(
  bytes: Buffer,
  offset: string,
  { isControlRecord, value = null }: { isControlRecord: boolean; value?: Buffer | null },
): DecodedRecord {
  const attributes = bytes.readInt16BE(field.attributes);
  return {
    magicByte: 2,
    attributes: 0,
    timestamp: bytes.readBigInt64BE(field.maxTimestamp).toString(),
    offset,
    key: null,
    value,
    headers: {},
    isControlRecord,
    batchContext: {
      producerId: bytes.readBigInt64BE(field.producerId).toString(),
      inTransaction: (attributes & transactionalFlag) > 0,
    },
  };
}

/** Whether the broker stamped the message when it arrived; otherwise its producer set the timestamp. */
export function hasBrokerTimestamp(message: object): boolean {
  const { batchContext } = message as Partial<DecodedRecord>;
  return batchContext?.timestampType === 1;
}
