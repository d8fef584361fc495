import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunningQuery } from '../../src/engine/running-query.ts';
import { startQuery } from '../helpers/start-query.ts';

const sources = [
  "CREATE TABLE l (id BIGINT PRIMARY KEY, g VARCHAR, n BIGINT) WITH (KAFKA_TOPIC='l', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');",
  "CREATE TABLE r (id BIGINT PRIMARY KEY, m BIGINT) WITH (KAFKA_TOPIC='r', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');",
  "CREATE STREAM s (g VARCHAR, n BIGINT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');",
];

interface Change {
  readonly topic: 'l' | 'r' | 's';
  readonly id: number;
  readonly value: { readonly g: string | null; readonly n: number; readonly m: number } | null;
}

const change: fc.Arbitrary<Change> = fc.record({
  topic: fc.constantFrom('l' as const, 'r' as const, 's' as const),
  id: fc.integer({ min: 0, max: 4 }),
  value: fc.option(
    fc.record({
      g: fc.option(fc.constantFrom('x', 'y')),
      n: fc.integer({ min: -3, max: 9 }),
      m: fc.integer({ min: 0, max: 9 }),
    }),
    { freq: 4 },
  ),
});
/** Transactions. Each may fail once and is then repeated. */
const history = fc.array(fc.record({ changes: fc.array(change, { maxLength: 5 }), failsFirst: fc.boolean() }), {
  maxLength: 12,
});
type History = readonly { readonly changes: readonly Change[]; readonly failsFirst: boolean }[];

/** Runs the history and keeps the changelog as Kafka would. */
function play(
  sql: string,
  transactions: History,
): { query: RunningQuery; changelog: Map<string, { partition: number; value: string | null }> } {
  const query = startQuery([...sources, sql], 2);
  const offsets = new Map<string, number>();
  const changelog = new Map<string, { partition: number; value: string | null }>();
  for (const { changes, failsFirst } of transactions) {
    const batches = changes
      .filter(({ topic }) => query.topics.includes(topic))
      .map(({ topic, id, value }) => {
        const partition = id % 2;
        const offset = offsets.get(`${topic}/${partition}`) ?? 0;
        offsets.set(`${topic}/${partition}`, offset + 1);
        const message = {
          key: Buffer.from(String(id)),
          value: value === null ? null : Buffer.from(JSON.stringify(value)),
          offset: String(offset),
          timestamp: '1',
          attributes: 0,
        };
        return { topic, partition, messages: [message], nextOffset: offset + 1 };
      });
    const process = (): void => {
      for (const batch of batches) query.process(batch);
    };
    if (failsFirst) {
      process();
      query.rollback();
    }
    process();
    // A batch that arrives twice, as after a rebalance, counts once.
    process();
    const [written] = query.collect();
    for (const { key, value, partition = 0 } of written?.messages ?? [])
      changelog.set(`${partition}|${String(key)}`, { partition, value: value === null ? null : String(value) });
    query.commit();
  }
  return { query, changelog };
}

const rowsOf = (query: RunningQuery): Record<string, unknown> =>
  Object.fromEntries([...query.result.scan()].map(([id, [, ...values]]) => [String(id), values]));

/** The rows of a table topic at the end of the history. */
function lastOf(topic: string, transactions: History): Map<number, NonNullable<Change['value']>> {
  const rows = new Map<number, NonNullable<Change['value']>>();
  for (const { topic: of, id, value } of transactions.flatMap(({ changes }) => changes)) {
    if (of !== topic) continue;
    if (value === null) rows.delete(id);
    else rows.set(id, value);
  }
  return rows;
}

const groups = (rows: Iterable<NonNullable<Change['value']>>): Map<string, number[]> => {
  const result = new Map<string, number[]>();
  for (const { g, n } of rows) if (g !== null) result.set(g, [...(result.get(g) ?? []), n]);
  return result;
};
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

const cases: readonly {
  readonly what: string;
  readonly sql: string;
  readonly model: (transactions: History) => Record<string, unknown>;
  readonly without?: (values: unknown) => boolean;
}[] = [
  {
    what: 'a filtered table has the rows that pass now',
    sql: 'CREATE TABLE q AS SELECT id, n * 2 AS d FROM l WHERE n > 0 EMIT CHANGES;',
    model: (h) =>
      Object.fromEntries([...lastOf('l', h)].filter(([, { n }]) => n > 0).map(([id, { n }]) => [id, [n * 2]])),
  },
  {
    what: 'an aggregate over a stream counts every record once',
    sql: 'CREATE TABLE q AS SELECT g, SUM(n) AS s, COUNT(*) AS c FROM s GROUP BY g EMIT CHANGES;',
    model: (h) => {
      const records = h
        .flatMap(({ changes }) => changes)
        .flatMap(({ topic, value }) => (topic === 's' && value !== null ? [value] : []));
      return Object.fromEntries([...groups(records)].map(([g, list]) => [g, [sum(list), list.length]]));
    },
  },
  {
    what: 'an aggregate over a table takes back what rows said before',
    sql: 'CREATE TABLE q AS SELECT g, SUM(n) AS s, COUNT(*) AS c FROM l GROUP BY g HAVING COUNT(*) > 0 EMIT CHANGES;',
    model: (h) =>
      Object.fromEntries([...groups(lastOf('l', h).values())].map(([g, list]) => [g, [sum(list), list.length]])),
  },
  {
    what: 'an inner join has the rows both tables have, whichever came first',
    sql: 'CREATE TABLE q AS SELECT l.id AS id, n, m FROM l JOIN r ON l.id = r.id EMIT CHANGES;',
    model: (h) => {
      const right = lastOf('r', h);
      return Object.fromEntries(
        [...lastOf('l', h)].flatMap(([id, { n }]) => (right.has(id) ? [[id, [n, right.get(id)?.m]]] : [])),
      );
    },
  },
  {
    what: 'a left join has all rows of the left table',
    sql: 'CREATE TABLE q AS SELECT l.id AS id, n, COALESCE(m, CAST(-1 AS BIGINT)) AS m FROM l LEFT JOIN r ON l.id = r.id EMIT CHANGES;',
    model: (h) => {
      const right = lastOf('r', h);
      return Object.fromEntries([...lastOf('l', h)].map(([id, { n }]) => [id, [n, right.get(id)?.m ?? -1]]));
    },
  },
];

describe('table semantics', () => {
  for (const { what, sql, model } of cases) {
    it(what, () => {
      fc.assert(
        fc.property(history, (transactions) =>
          assert.deepEqual(rowsOf(play(sql, transactions).query), model(transactions)),
        ),
      );
    });

    it(`${what}, also after a restart from the changelog`, () => {
      fc.assert(
        fc.property(history, (transactions) => {
          const { query, changelog } = play(sql, transactions);
          const restored = startQuery([...sources, sql], 2);
          for (const [place, { partition, value }] of changelog)
            restored.restore(partition, place.slice(place.indexOf('|') + 1), value);
          assert.deepEqual(rowsOf(restored), rowsOf(query));
        }),
      );
    });
  }
});
