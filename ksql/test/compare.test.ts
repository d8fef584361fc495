import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalogue } from '../src/catalogue.ts';
import { describeState, findMissing, requireKinds } from '../src/compare.ts';
import { readScript } from '../src/read-statements.ts';

const statements = readScript(
  `CREATE STREAM IF NOT EXISTS base (x INT) WITH (KAFKA_TOPIC='t');
   CREATE TABLE IF NOT EXISTS sums AS SELECT x, COUNT(*) AS n FROM base GROUP BY x EMIT CHANGES;`,
  'ksql/statements/x.ksql',
);
const holding = (kinds: Record<string, 'STREAM' | 'TABLE'>): Catalogue => ({
  sources: new Map(Object.entries(kinds).map(([name, kind]) => [name, { kind, topic: name }])),
  queries: new Map(),
});
const missing = (catalogue: Catalogue) => findMissing(statements, catalogue).map(({ name }) => name);

test('all of an empty server, in order', () => {
  assert.deepEqual(missing(holding({})), ['BASE', 'SUMS']);
});

test('only what does not exist', () => {
  assert.deepEqual(missing(holding({ BASE: 'STREAM' })), ['SUMS']);
  assert.deepEqual(missing(holding({ BASE: 'STREAM', SUMS: 'TABLE', OTHER: 'TABLE' })), []);
});

test('a name that is taken by another kind is named with file and statement', () => {
  requireKinds(statements, holding({}));
  requireKinds(statements, holding({ BASE: 'STREAM', SUMS: 'TABLE' }));
  assert.throws(() => requireKinds(statements, holding({ BASE: 'TABLE' })), {
    code: 'name_taken',
    canRetry: false,
    message: /x\.ksql, line 1, STREAM BASE: /,
  });
});

for (const [state, code, canRetry] of [
  ['RUNNING', undefined, undefined],
  [undefined, 'query_gone', false],
  ['PAUSED', 'query_paused', false],
  ['ERROR', 'query_state', true],
] as const)
  test(`a query in state ${state}: ${code ?? 'no trouble'}`, () => {
    const [, sums] = statements;
    assert.ok(sums);
    const trouble = describeState(sums, state);
    assert.equal(trouble?.code, code);
    assert.equal(trouble?.canRetry, canRetry);
    if (trouble) assert.match(trouble.message, /x\.ksql, line 2, TABLE SUMS: /);
  });
