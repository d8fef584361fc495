import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTopicRecord } from '@shop/common';
import type { KafkaMessage } from 'kafkajs';
import { encodeEvent } from '../../src/api/encode-event.ts';
import { readMessage } from '../../src/api/read-message.ts';

const message = (fields: Pick<Partial<KafkaMessage>, 'key' | 'value' | 'headers'>): KafkaMessage => ({
  key: null,
  value: null,
  timestamp: '1700000000000',
  attributes: 0,
  offset: '7',
  headers: {},
  ...fields,
});

const encode = (fields: Parameters<typeof message>[0], seq = 3) =>
  encodeEvent(readMessage(toTopicRecord('t', 2, message(fields))), seq);

test('a JSON value is copied into the event unchanged', () => {
  const value = Buffer.from('{"big": 9007199254740993, "d": 1.0}');
  const text = encode({ key: Buffer.from('5'), value });
  assert.equal(
    text,
    '{"topic":"t","partition":2,"offset":7,"key":"5","value":{"big": 9007199254740993, "d": 1.0},"timestamp":1700000000000,"seq":3}',
  );
});

test('a value that is no JSON is sent as text or base64, and marked', () => {
  const text = JSON.parse(encode({ value: Buffer.from('{"order":') }));
  assert.deepEqual([text.value, text.value_format], ['{"order":', 'text']);
  const binary = JSON.parse(encode({ key: Buffer.from([255]), value: Buffer.from([255, 254]) }));
  assert.deepEqual(
    [binary.key, binary.key_format, binary.value, binary.value_format],
    ['/w==', 'base64', '//4=', 'base64'],
  );
});

test('a value that is nested too deeply is sent as text', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const event = JSON.parse(encode({ value: Buffer.from(deep) }));
  assert.deepEqual([event.value, event.value_format], [deep, 'text']);
});

test('a tombstone is null, headers are texts, and markup is unchanged', () => {
  const event = JSON.parse(encode({ headers: { why: Buffer.from('<b>') } }));
  assert.deepEqual([event.value, event.key, event.headers], [null, null, { why: '<b>' }]);
  assert.equal('value_format' in event, false);
});
