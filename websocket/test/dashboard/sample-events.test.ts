import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everything, filterKey, matches, readFilter } from '../../src/dashboard/filter.ts';
import { sampleEvents } from '../../src/dashboard/sample-events.ts';

test('a sample holds events of every topic, and prefers the newest', () => {
  const events = Array.from({ length: 100 }, (_, id) => ({ id, topic: id === 3 ? 'rare' : 'busy' }));
  assert.deepEqual(
    sampleEvents(events, 4).map(({ id }) => id),
    [3, 97, 98, 99],
  );
  assert.equal(sampleEvents(events, 200).length, 100);
  assert.deepEqual(sampleEvents(events, 0), []);
});

test('filters match by topic and by text, whatever the case', () => {
  const event = { topic: 'a', json: '{"name":"Ada"}' };
  assert.equal(matches({ ...everything, text: 'aDA' }, event), true);
  assert.equal(matches({ ...everything, text: 'bob' }, event), false);
  assert.equal(matches({ ...everything, topics: ['b'] }, event), false);
  assert.equal(matches(everything, event, ['a']), false, 'a report is listed only when chosen');
  assert.equal(matches({ ...everything, topics: ['a'] }, event, ['a']), true);
  assert.equal(filterKey({ ...everything, topics: ['b', 'a'] }), filterKey({ ...everything, topics: ['a', 'b'] }));
});

test('an invalid filter is refused', () => {
  for (const text of [
    '',
    '[]',
    '{"type":"filter"}',
    '{"type":"filter","topics":"a","text":""}',
    '{"type":"x","topics":null,"text":""}',
  ])
    assert.equal(readFilter(text), undefined, text);
  assert.deepEqual(readFilter('{"type":"filter","topics":["a"],"text":"x"}'), {
    type: 'filter',
    topics: ['a'],
    text: 'x',
  });
});
