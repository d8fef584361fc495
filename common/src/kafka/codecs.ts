import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Decompress as ZstdDecompress } from 'fzstd';
import kafkajs from 'kafkajs';
import { decompressFrame as decompressLz4Frame } from 'lz4-napi';
import { uncompress as decompressSnappyBlock } from 'snappy';

/**
 * Largest size of a decompressed batch, in bytes. A batch of 1 MB can be made to decompress to gigabytes; a reader that
 * trusted it would run out of memory, again after every restart.
 */
export const maxDecompressedBytes = 64 * 1024 * 1024;

type Decompress = (compressed: Buffer) => Promise<Buffer>;

const unzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip);

const decompressGzip: Decompress = (compressed) => unzip(compressed, { maxOutputLength: maxDecompressedBytes });

/** An lz4 block is at most 255 times smaller than its content, which bounds the size well enough. */
const decompressLz4: Decompress = (compressed) => decompressLz4Frame(compressed);

const decompressZstd: Decompress = async (compressed) => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new ZstdDecompress((chunk) => {
    size += chunk.length;
    refuseTooLarge(size);
    chunks.push(chunk);
  });
  stream.push(compressed, true);
  return Buffer.concat(chunks);
};

/** Java clients put this header in front of a series of blocks; librdkafka and others send one bare block. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

const decompressSnappy: Decompress = async (compressed) => {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) return decompressBlock(compressed);
  const blocks: Buffer[] = [];
  let size = 0;
  for (let at = xerialHeaderBytes; at < compressed.length; ) {
    const length = compressed.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > compressed.length) throw new Error('a snappy block is cut short');
    const block = await decompressBlock(compressed.subarray(at, at + length));
    size += block.length;
    refuseTooLarge(size);
    blocks.push(block);
    at += length;
  }
  return Buffer.concat(blocks);
};

async function decompressBlock(block: Buffer): Promise<Buffer> {
  refuseTooLarge(readSnappyLength(block));
  return Buffer.from(await decompressSnappyBlock(block));
}

/** A snappy block starts with the size of its content: 7 bits a byte, lowest first. */
function readSnappyLength(block: Buffer): number {
  let length = 0;
  for (const [index, byte] of block.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length;
  }
  throw new Error('a snappy block without its length');
}

function refuseTooLarge(size: number): void {
  if (size > maxDecompressedBytes) throw new Error(`the batch decompresses to more than ${maxDecompressedBytes} bytes`);
}

/** Teaches kafkajs, which knows gzip alone, to read every codec that Kafka has. Our producers send uncompressed batches. */
export function registerCodecs(): void {
  const { CompressionCodecs: codecs, CompressionTypes: types } = kafkajs;
  const gzip = codecs[types.GZIP]();
  codecs[types.GZIP] = () => ({ ...gzip, decompress: decompressGzip });
  codecs[types.Snappy] = () => ({ compress: refuseToCompress, decompress: decompressSnappy });
  codecs[types.LZ4] = () => ({ compress: refuseToCompress, decompress: decompressLz4 });
  codecs[types.ZSTD] = () => ({ compress: refuseToCompress, decompress: decompressZstd });
}

const refuseToCompress = () => Promise.reject(new Error('only gzip can be sent; this codec is for reading'));
