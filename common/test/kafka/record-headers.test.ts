import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { patchHeaderDecoding } from '../../src/kafka/record-headers.ts';

patchHeaderDecoding();
const require = createRequire(import.meta.url);
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0');
const decodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');
const Decoder = require('kafkajs/src/protocol/decoder');

type Headers = Record<string, string | string[]>;

function decode(headers: Headers): Record<string, Buffer | Buffer[]> {
  const decoder = new Decoder(encodeRecord({ offsetDelta: 0, key: 'k', value: 'v', headers }).buffer);
  const bytes = decoder.readVarIntBytes();
  return decodeRecord(new Decoder(bytes), { firstOffset: '0', firstTimestamp: '0', magicByte: 2 }).headers;
}

const textsOf = (headers: Record<string, Buffer | Buffer[]>) =>
  Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]);

test('headers are decoded as they were sent, and repeated ones become an array', () => {
  const several = fc.array(fc.string(), { minLength: 2, maxLength: 4 });
  const headers = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), several), { noNullPrototype: true });
  fc.assert(fc.property(headers, (sent) => assert.deepEqual(textsOf(decode(sent)), Object.entries(sent))));
});

/**
 * How many headers are copied while so many are decoded. kafkajs's own decoder reduces them into an object that it copies
 * for each header.
 */
function countCopies(count: number): number {
  const sent = Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, '']));
  const { reduce } = Array.prototype;
  let copied = 0;
  Array.prototype.reduce = function (this: unknown[], step: (sum: object, each: unknown) => object, first: object) {
    let sum = first;
    for (const each of this) {
      copied += Object.keys(sum).length;
      sum = step(sum, each);
    }
    return sum;
  } as typeof reduce;
  try {
    assert.equal(Object.keys(decode(sent)).length, count);
  } finally {
    Array.prototype.reduce = reduce;
  }
  return copied;
}

test('20,000 headers are decoded without copying those before for each', () => {
  assert.equal(countCopies(1_000), 0);
  assert.equal(countCopies(20_000), 0);
});
