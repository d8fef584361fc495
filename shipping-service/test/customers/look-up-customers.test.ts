import assert from 'node:assert/strict';
import test from 'node:test';
import { createLogger, createReport, type KsqldbClient, KsqldbError } from '@shop/common';
import { createLookUp } from '../../src/customers/look-up-customers.ts';

const row = (id: number): unknown[] => [id, 'c', 1, 'Ada', 'Meier', '10115', 'DE', `Weg ${id}`];

function openLookUp(pull: (sql: string) => Promise<unknown[][]>) {
  const client = {
    pull: async (sql: string) => ({ columnNames: [], rows: await pull(sql) }),
  } as unknown as KsqldbClient;
  const context = {
    instance: 'shipping-1',
    logger: createLogger('test', { LOG_LEVEL: 'silent' }),
    report: createReport(),
  };
  return createLookUp(client, { idsPerQuery: 2, queriesInFlight: 1 }, context);
}

const never = new AbortController().signal;

test('a look-up starts with the attempt that was answered, not with those that failed', async () => {
  let failed: number | undefined;
  const lookUp = openLookUp(async () => {
    if (failed !== undefined) return [row(7)];
    failed = Date.now();
    throw new KsqldbError('ksqldb_unavailable', 'no answer', { canRetry: true });
  });
  const found = await lookUp([7], never);
  const { startedAt, answeredAt, instance } = found.lookedUp(7);

  assert.ok(Date.parse(startedAt) > (failed ?? Number.POSITIVE_INFINITY));
  assert.ok(startedAt <= answeredAt);
  assert.equal(instance, 'shipping-1');
  assert.deepEqual(found.customers.get(7)?.lookedUp, { startedAt, answeredAt, instance });
});

test('every id has the time of its query, also one without a row', async () => {
  const lookUp = openLookUp(async (sql) => (sql.includes('(1, 2)') ? [row(1)] : [row(3)]));
  const found = await lookUp([1, 2, 3], never);
  assert.equal(found.lookedUp(1), found.lookedUp(2));
  assert.ok(found.lookedUp(2).answeredAt <= found.lookedUp(3).startedAt, 'one query in flight');
  assert.throws(() => found.lookedUp(4));
});

test('an answer that lacks a part of the address, or holds the placeholder of Debezium, is incomplete', async () => {
  const deleted = [4, 'd', 1, null, null, null, null, null];
  const lookUp = openLookUp(async () => [
    row(1),
    row(2).with(7, '__debezium_unavailable_value'),
    row(3).with(5, null),
    deleted,
  ]);
  const { customers } = await lookUp([1, 2, 3, 4], never);
  assert.deepEqual(
    [...customers.values()].map(({ id, incomplete }) => [id, incomplete]),
    [
      [1, false],
      [2, true],
      [3, true],
      [4, false],
    ],
  );
});
