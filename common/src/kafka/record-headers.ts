import { createRequire } from 'node:module';
import { patchOnce } from './patch-once.ts';

type HeaderValue = Buffer | null;
type Headers = Record<string, HeaderValue | HeaderValue[]>;

/** The part of kafkajs's decoder that reads records. */
interface RecordDecoder {
  readVarIntArray(read: unknown): unknown[];
}

interface Header {
  key: string;
  value: HeaderValue;
}

/**
 * Makes kafkajs decode the headers of a record in linear time. kafkajs 2.2.4 copies all headers so far for each header:
 * a message with 20,000 of them, in 150 kB, blocks its reader for minutes.
 *
 * kafkajs's record decoder calls `readVarIntArray(…).reduce(copy, {})`. The array that it gets here has a `reduce` that
 * ignores the copying function. Call this before the first message is decoded.
 */
export const patchHeaderDecoding = patchOnce(() => {
  const Decoder: { prototype: RecordDecoder } = require('kafkajs/src/protocol/decoder');
  const decodeHeader: unknown = require('kafkajs/src/protocol/recordBatch/header/v0/decoder');
  const { readVarIntArray } = Decoder.prototype;
  Decoder.prototype.readVarIntArray = function (this: RecordDecoder, read) {
    const decoded = readVarIntArray.call(this, read);
    if (read === decodeHeader)
      Object.defineProperty(decoded, 'reduce', { value: () => collectHeaders(decoded as Header[]) });
    return decoded;
  };
});

const require = createRequire(import.meta.url);

/** A header that occurs more than once becomes an array of its values, as kafkajs has it. */
function collectHeaders(headers: readonly Header[]): Headers {
  // A Map, because a name may be `__proto__`, and because many names make an object slow.
  const collected = new Map<string, HeaderValue | HeaderValue[]>();
  for (const { key, value } of headers) {
    const known = collected.get(key);
    if (known === undefined) collected.set(key, value);
    else if (Array.isArray(known)) known.push(value);
    else collected.set(key, [known, value]);
  }
  return Object.fromEntries(collected);
}
