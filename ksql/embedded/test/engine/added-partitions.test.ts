import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '@shop/common';
import type { RunningQuery } from '../../src/engine/running-query.ts';
import { startQuery } from '../helpers/start-query.ts';

const customers =
  "CREATE TABLE c (id BIGINT PRIMARY KEY, address VARCHAR) WITH (KAFKA_TOPIC='c', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');";
const orders =
  "CREATE STREAM o (id BIGINT KEY, n BIGINT) WITH (KAFKA_TOPIC='o', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');";
const copy = 'CREATE TABLE q AS SELECT id, address FROM c EMIT CHANGES;';

interface Record {
  topic?: string;
  id: number;
  value: object | null;
  /** The partition count that the producer sees. */
  partitions: number;
  timestamp: number;
}

/** Sends records to a query, in the partitions that a producer chooses. Offsets continue across calls. */
function createFeed(query: RunningQuery) {
  const ends = new Map<string, number>();
  return ({ topic = 'c', id, value, partitions, timestamp }: Record) => {
    const key = Buffer.from(String(id));
    const partition = partitionOf(key, partitions);
    const end = ends.get(`${topic}/${partition}`) ?? 0;
    ends.set(`${topic}/${partition}`, end + 1);
    const message = {
      key,
      value: value && Buffer.from(JSON.stringify(value)),
      offset: String(end),
      timestamp: String(timestamp),
      attributes: 0,
    };
    query.process({ topic, partition, messages: [message], nextOffset: end + 1 });
    const written = query.collect();
    query.commit();
    return written;
  };
}

const addressesOf = (query: RunningQuery) =>
  [...query.result.scan()].map(([id, [, address]]) => [id, address]).sort(([a], [b]) => Number(a) - Number(b));
const ids = Array.from({ length: 40 }, (_, id) => id);

for (const [before, after] of [
  [6, 12],
  [6, 8],
  [1, 5],
] as const)
  test(`a key has one row when ${before} partitions become ${after}`, () => {
    const query = startQuery([customers, copy], before);
    const feed = createFeed(query);
    for (const id of ids) feed({ id, value: { address: 'old' }, partitions: before, timestamp: 1 });
    for (const id of ids) {
      const [changelog] = feed({ id, value: { address: 'new' }, partitions: after, timestamp: 2 });
      for (const { partition = 0 } of changelog?.messages ?? [])
        assert.ok(partition < before, `the changelog has no partition ${partition}`);
    }
    assert.deepEqual(
      addressesOf(query),
      ids.map((id) => [id, 'new']),
    );
    for (const id of ids)
      assert.equal(query.result.find(partitionOf(Buffer.from(String(id)), before), id)?.[1], 'new', 'found by its key');
  });

test('the newest record of a key counts when the former partition is read after the new one', () => {
  for (const created of [6, 12]) {
    const query = startQuery([customers, copy], created);
    const feed = createFeed(query);
    for (const id of ids) feed({ id, value: { address: 'new' }, partitions: 12, timestamp: 2 });
    for (const id of ids) feed({ id, value: { address: 'old' }, partitions: 6, timestamp: 1 });
    const stale = addressesOf(query).filter(([, address]) => address === 'old');
    // Keys that did not move have both records in one partition, where the later record counts.
    const stayed = ids.filter((id) => partitionOf(Buffer.from(String(id)), 12) < 6);
    assert.ok(
      stale.every(([id]) => stayed.includes(Number(id))),
      `${created} partitions: ${JSON.stringify(stale)}`,
    );
  }
});

test('a join finds its rows when partitions were added to the table or to the stream', () => {
  const join = 'CREATE STREAM q AS SELECT o.id AS id, n, address FROM o JOIN c ON o.id = c.id EMIT CHANGES;';
  for (const grown of ['o', 'c']) {
    const query = startQuery([customers, orders, join], 6);
    const feed = createFeed(query);
    for (const id of ids) {
      feed({ topic: 'c', id, value: { address: 'home' }, partitions: grown === 'c' ? 12 : 6, timestamp: 1 });
      const written = feed({ topic: 'o', id, value: { n: 1 }, partitions: grown === 'o' ? 12 : 6, timestamp: 2 });
      assert.equal(written[1]?.messages.length, 1, `customer ${id}, partitions added to ${grown}`);
    }
  }
});
