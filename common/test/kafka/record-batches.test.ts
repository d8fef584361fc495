import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import { compress as compressSnappy } from 'snappy';
import { findUnreadable } from '../../src/contracts/dead-letter.ts';
import { maxDecompressedBytes } from '../../src/kafka/codecs.ts';
import { findUnreadableBatch, patchBatchDecoding } from '../../src/kafka/record-batches.ts';

patchBatchDecoding();
const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0');
const Decoder = require('kafkajs/src/protocol/decoder');
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');

const codecs = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

interface BatchPlan {
  firstOffset: number;
  values: string[];
  /** The last offset when it is not that of the last record. */
  lastOffset?: number;
  codec?: keyof typeof codecs;
  compress?: (records: Buffer) => Promise<Buffer> | Buffer;
}

/** A record batch as a broker sends it. */
async function buildBatch({ firstOffset, values, lastOffset, codec = 'none', compress }: BatchPlan): Promise<Buffer> {
  const records = values.map((value, offsetDelta) => encodeRecord({ offsetDelta, key: 'key', value, headers: {} }));
  const { buffer } = await RecordBatch({
    firstOffset: BigInt(firstOffset),
    lastOffsetDelta: (lastOffset ?? firstOffset + values.length - 1) - firstOffset,
    records,
  });
  if (!compress) return buffer;
  const packed = await compress(Buffer.from(buffer.subarray(61)));
  const batch = Buffer.concat([buffer.subarray(0, 61), packed]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt16BE(codecs[codec], 21);
  return batch;
}

/** What a consumer gets of these bytes. */
async function decode(bytes: Buffer) {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  return decodeMessages(new Decoder(Buffer.concat([size, bytes])));
}

const textsOf = (messages: { value: Buffer | null; isControlRecord: boolean }[]) =>
  messages.filter(({ isControlRecord }) => !isControlRecord).map(({ value }) => String(value));

/** Java's framing: a header, then blocks with their lengths. */
async function compressXerial(records: Buffer): Promise<Buffer> {
  const parts = [Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])];
  for (let at = 0; at < records.length; at += 10) {
    const block = Buffer.from(await compressSnappy(records.subarray(at, at + 10)));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

/** A zstd frame of uncompressed blocks. */
function storeAsZstd(records: Buffer): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE(1 | (records.length << 3), 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]), header, records]);
}

const packers: [string, keyof typeof codecs, (records: Buffer) => Promise<Buffer> | Buffer][] = [
  ['gzip', 'gzip', promisify<Buffer, Buffer>(gzip)],
  ['snappy as Java frames it', 'snappy', compressXerial],
  ['snappy as one block', 'snappy', async (records) => Buffer.from(await compressSnappy(records))],
  ['lz4', 'lz4', (records) => compressFrame(records)],
  ['zstd', 'zstd', storeAsZstd],
];

for (const [name, codec, compress] of packers)
  test(`reads batches of ${name}`, async () => {
    const batch = await buildBatch({ firstOffset: 5, values: ['one', 'two', 'three'], codec, compress });
    assert.deepEqual(textsOf(await decode(batch)), ['one', 'two', 'three']);
  });

test('an unreadable batch becomes one message that holds it whole, and the batches around it are read', async () => {
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const before = await buildBatch({ firstOffset: 1, values: ['before'] });
    const broken = await buildBatch({
      firstOffset: 2,
      values: ['a', 'b', 'c'],
      codec,
      compress: () => Buffer.alloc(40, 9),
    });
    const after = await buildBatch({ firstOffset: 5, values: ['after'] });
    const messages = await decode(Buffer.concat([before, broken, after]));
    assert.equal(messages.length, 3, codec);
    assert.deepEqual([messages[0].value.toString(), messages[2].value.toString()], ['before', 'after']);
    assert.deepEqual(messages[1].value, broken);
    assert.equal(messages[1].offset, '4');
    const { firstOffset, lastOffset, cause } = findUnreadableBatch(messages[1]) ?? {};
    assert.deepEqual([firstOffset, lastOffset], ['2', '4']);
    assert.ok(cause instanceof Error);
    assert.equal(findUnreadableBatch(messages[0]), undefined);
    assert.deepEqual(findUnreadable(messages[1])?.code, 'unreadable_batch');
    assert.match(findUnreadable(messages[1])?.message ?? '', /offsets 2 to 4 cannot be decoded/);
  }
});

/** Blocks of 128 KiB of one repeated byte, 4 bytes each. */
function buildZstdBomb(): Buffer {
  const count = maxDecompressedBytes / 131_072 + 1;
  const blocks = Buffer.alloc(count * 4);
  for (let index = 0; index < count; index++)
    blocks.writeUIntLE((index === count - 1 ? 1 : 0) | (1 << 1) | (131_072 << 3), index * 4, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]), blocks]);
}

/** Says that it decompresses to 4 GB. */
const snappyBomb = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]);

test('a batch that decompresses to more than the limit is unreadable', async () => {
  const bombs: [keyof typeof codecs, Buffer][] = [
    ['zstd', buildZstdBomb()],
    ['snappy', snappyBomb],
    ['gzip', await promisify<Buffer, Buffer>(gzip)(Buffer.alloc(maxDecompressedBytes + 1))],
  ];
  for (const [codec, bomb] of bombs) {
    const [message] = await decode(await buildBatch({ firstOffset: 0, values: ['x'], codec, compress: () => bomb }));
    assert.ok(findUnreadableBatch(message), codec);
  }
});

test('a batch of 300,000 records is read', async () => {
  const values = Array.from({ length: 300_000 }, () => '');
  const messages = await decode(await buildBatch({ firstOffset: 0, values }));
  assert.equal(messages.length, 300_000);
});

test('a batch whose last records were compacted away ends with a control record at its last offset', async () => {
  const messages = await decode(await buildBatch({ firstOffset: 10, values: ['kept'], lastOffset: 19 }));
  assert.deepEqual(textsOf(messages), ['kept']);
  assert.equal(messages.at(-1).offset, '19');
  assert.equal(messages.at(-1).isControlRecord, true);
});

test('a batch that is cut off at the end of a response is left for the next one', async () => {
  const first = await buildBatch({ firstOffset: 0, values: ['whole'] });
  const second = await buildBatch({ firstOffset: 1, values: ['cut off'] });
  for (let kept = 0; kept < second.length; kept++)
    assert.deepEqual(textsOf(await decode(Buffer.concat([first, second.subarray(0, kept)]))), ['whole']);
});

test('kafkajs sends gzip and refuses to send the codecs that are for reading', async () => {
  const { CompressionCodecs: registered, CompressionTypes: types } = kafkajs;
  for (const type of [types.Snappy, types.LZ4, types.ZSTD] as const)
    await assert.rejects(registered[type]().compress({ buffer: Buffer.alloc(1) }), /only gzip can be sent/);
  assert.ok(await registered[types.GZIP]().compress({ buffer: Buffer.alloc(1) }));
});
