import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShopError } from '@shop/common';
import type { Catalogue } from '../src/catalogue.ts';
import { findMissing, requireAlive } from '../src/compare.ts';
import { readScript } from '../src/read-statements.ts';

const statements = readScript(
  `CREATE STREAM IF NOT EXISTS base (x INT) WITH (KAFKA_TOPIC='t');
   CREATE TABLE IF NOT EXISTS sums AS SELECT x, COUNT(*) AS n FROM base GROUP BY x EMIT CHANGES;`,
  'ksql/statements/x.ksql',
);
const holding = (sources: Record<string, 'STREAM' | 'TABLE'>, states: Record<string, string> = {}): Catalogue => ({
  sources: new Map(Object.entries(sources)),
  queryStates: new Map(Object.entries(states)),
});
const missing = (catalogue: Catalogue) => findMissing(statements, catalogue).map(({ name }) => name);

test('all of an empty server, in order', () => {
  assert.deepEqual(missing(holding({})), ['BASE', 'SUMS']);
});

test('only what is not there', () => {
  assert.deepEqual(missing(holding({ BASE: 'STREAM' })), ['SUMS']);
  assert.deepEqual(missing(holding({ BASE: 'STREAM', SUMS: 'TABLE', OTHER: 'TABLE' }, { SUMS: 'RUNNING' })), []);
});

test('what is not there is not called dead', () => {
  requireAlive(statements, holding({}));
  requireAlive(statements, holding({ BASE: 'STREAM', SUMS: 'TABLE' }, { SUMS: 'RUNNING' }));
});

for (const [what, catalogue, canRetry] of [
  ['a name that is taken by another kind', holding({ BASE: 'TABLE' }), false],
  ['a table that nothing fills any more', holding({ BASE: 'STREAM', SUMS: 'TABLE' }), false],
  ['a paused query', holding({ BASE: 'STREAM', SUMS: 'TABLE' }, { SUMS: 'PAUSED' }), false],
  ['a query that ksqlDB will start again', holding({ BASE: 'STREAM', SUMS: 'TABLE' }, { SUMS: 'ERROR' }), true],
] as const)
  test(`${what} is told with file and statement`, () => {
    assert.throws(
      () => requireAlive(statements, catalogue),
      (error) => error instanceof ShopError && error.canRetry === canRetry && /x\.ksql, line \d, /.test(error.message),
    );
  });
