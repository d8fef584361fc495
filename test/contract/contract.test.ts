import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { shopTopicNames } from '@shop/common';
import { buildMessage, buildNewOrder } from '@shop/test-support';
import { Ajv } from 'ajv';
import { createContractCheck, readContract } from './check-messages.ts';
import { contractFile } from './contract-file.ts';
import { describeContract } from './describe-contract.ts';
import { recordedExamples } from './recorded-examples.ts';
import { toYaml } from './write-yaml.ts';

const require = createRequire(import.meta.url);
const asyncApiSchema: object = require('@asyncapi/specs/schemas/3.0.0-without-$id.json');

test('docs/contract/asyncapi.yaml is what `npm run contract` writes', () => {
  assert.equal(readFileSync(contractFile, 'utf8'), toYaml(describeContract()), 'run npm run contract');
});

test('the contract is an AsyncAPI 3 document', () => {
  const isAsyncApi = new Ajv({ strict: false, validateFormats: false }).compile(asyncApiSchema);
  assert.ok(isAsyncApi(readContract()), JSON.stringify(isAsyncApi.errors));
  assert.equal(isAsyncApi({ ...readContract(), operations: { one: { action: 'eat' } } }), false);
});

test('every reference in the contract leads to something', () => {
  const contract = readContract();
  const references = [...readFileSync(contractFile, 'utf8').matchAll(/\$ref: "#\/([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  assert.ok(references.length > 100, `${references.length} references`);
  assert.deepEqual(
    references.filter((path) => path.split('/').reduce<unknown>(enter, contract) === undefined),
    [],
  );
});

test('every topic and every message of the stream has examples, and they are valid', () => {
  const { checkMessage, checkStreamed } = createContractCheck(readContract());
  assert.deepEqual(Object.keys(recordedExamples.topics).toSorted(), shopTopicNames.toSorted());
  for (const topic of shopTopicNames)
    for (const { payload, headers } of recordedExamples.topics[topic] ?? [])
      assert.deepEqual(
        checkMessage(topic, buildMessage(0, Object(payload), { key: '1', headers: headers ?? {} })),
        [],
        topic,
      );
  const streamed = Object.values(recordedExamples.stream).flat();
  assert.ok(streamed.length >= 5);
  for (const { payload } of streamed) assert.deepEqual(checkStreamed(payload), []);
});

test('a message that differs from the contract is reported', () => {
  const { checkMessage, checkStreamed } = createContractCheck(readContract());
  const order = buildNewOrder(7);
  const checkOrder = (value: object | string | null, key: string | null = '7') =>
    checkMessage('customer_orders', buildMessage(0, value, { key }));
  assert.deepEqual(checkOrder(order), []);
  assert.deepEqual(checkOrder({ ...order, colour: 'red' }), []);
  assert.deepEqual(checkOrder(order, 'seven'), ['key must match pattern "^\\d+$"']);
  assert.deepEqual(checkOrder(order, null), ['key must be string']);
  assert.deepEqual(checkOrder({ ...order, ordered_at: 'today' }), ['value/ordered_at must match format "date-time"']);
  assert.deepEqual(checkOrder({ ...order, customer: { id: 7 } }), [
    "value/customer must have required property 'first_name'",
    "value/customer must have required property 'last_name'",
  ]);
  assert.deepEqual(checkOrder('{'), ['value is not JSON']);
  assert.deepEqual(checkOrder(null), ['value is missing']);
  const letter = buildMessage(0, '{', { headers: { 'dead_letter.topic': 'customer_orders' } });
  assert.equal(checkMessage('dead_letters', letter).length, 6);
  assert.deepEqual(checkMessage('orders_waiting', buildMessage(0, order)).length, 3);
  assert.ok(checkStreamed({ type: 'goodbye' }).length > 0);
  const [hello] = recordedExamples.stream['hello'] ?? [];
  assert.ok(checkStreamed({ ...Object(hello?.payload), replayed: -1 }).length > 0);
});

const enter = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
