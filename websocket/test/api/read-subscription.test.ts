import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadQuery, readSubscription } from '../../src/api/read-subscription.ts';

const read = (query: string) => readSubscription(new URLSearchParams(query), ['b', 'a', 'c']);

test('without a query every topic comes, live', () => {
  assert.deepEqual(read(''), { topics: ['a', 'b', 'c'], raw: false, replay: 0 });
});

test('topics, mode and replay are read', () => {
  assert.deepEqual(read('topics=c,a,c&mode=raw&replay=20'), { topics: ['a', 'c'], raw: true, replay: 20 });
});

for (const query of ['topics=a,nope', 'topics=', 'mode=xml', 'replay=-1', 'replay=1e3', 'topic=a'])
  test(`refused: ${query}`, () => assert.throws(() => read(query), BadQuery));
