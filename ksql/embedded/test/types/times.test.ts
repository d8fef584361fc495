import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseTime, timeText } from '../../src/types/times.ts';

it('reads times as ksqlDB writes them', () => {
  assert.equal(timeText('TIMESTAMP', 1_700_000_000_123), '2023-11-14T22:13:20.123');
  assert.equal(parseTime('TIMESTAMP', '2023-11-14T22:13:20.123'), 1_700_000_000_123);
  assert.equal(timeText('DATE', 19_000), '2022-01-08');
  assert.equal(parseTime('DATE', '2022-01-08'), 19_000);
  assert.equal(timeText('TIME', 3_600_000), '01:00');
  assert.equal(timeText('TIME', 45_296_789), '12:34:56');
  assert.equal(parseTime('TIME', '01:00:00'), 3_600_000);
});

it('accepts a timestamp without its last parts, or with a zone', () => {
  assert.equal(parseTime('TIMESTAMP', '2023'), Date.parse('2023-01-01T00:00:00Z'));
  assert.equal(parseTime('TIMESTAMP', '2023-11-14T22'), Date.parse('2023-11-14T22:00:00Z'));
  assert.equal(parseTime('TIMESTAMP', '2023-11-14T22:13:20.5+0100'), Date.parse('2023-11-14T21:13:20.500Z'));
});

it("reads a day after a month's end as its last day in a timestamp, and refuses it in a date", () => {
  assert.equal(parseTime('TIMESTAMP', '2024-02-30'), Date.parse('2024-02-29T00:00:00Z'));
  assert.equal(parseTime('DATE', '2024-02-30'), undefined);
});

it('refuses a time of day in a date', () => {
  assert.equal(parseTime('DATE', '2024-02-29T10:11:12'), undefined);
});

it('recognizes text that is not a time', () => {
  for (const text of ['', 'rubbish', '2023-02-32', '2023-13', '2023-01-01 00:00', '2023-01-01T25'])
    assert.equal(parseTime('TIMESTAMP', text), undefined, text);
  for (const text of ['24:00', '1:00', '12:60', '12']) assert.equal(parseTime('TIME', text), undefined, text);
});
