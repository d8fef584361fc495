import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@shop/common';
import { readScript } from '../src/read-statements.ts';
import { reportDifferences } from '../src/report-differences.ts';
import { startRecordedServer } from './recorded-server.ts';

const statements = readScript(
  `CREATE STREAM IF NOT EXISTS base (k VARCHAR KEY, x INT) WITH (KAFKA_TOPIC='t');
   CREATE TABLE IF NOT EXISTS sums AS SELECT COUNT(*) AS n, k AS k FROM base GROUP BY k;
   CREATE TABLE IF NOT EXISTS gone AS SELECT k, x FROM base GROUP BY k;`,
  'ksql/statements/x.ksql',
);

test('names the tables that have other columns than their statement, in any order', async (t) => {
  const columns: Record<string, string[]> = { BASE: ['K', 'Y'], SUMS: ['K', 'N'] };
  const { ksqldb } = await startRecordedServer(t, ({ ksql }) => {
    const [, name = ''] = /^DESCRIBE `(\w+)`;$/.exec(ksql) ?? [];
    const fields = columns[name]?.map((column) => ({ name: column, schema: { type: 'STRING' } }));
    if (fields) return { body: [{ '@type': 'sourceDescription', sourceDescription: { name, fields }, warnings: [] }] };
    const message = `Could not find STREAM/TABLE '${name}' in the Metastore`;
    return { status: 400, body: { '@type': 'statement_error', error_code: 40001, message } };
  });
  const warnings: object[] = [];
  const logger = { warn: (fields: object) => warnings.push(fields) } as Partial<Logger> as Logger;
  await reportDifferences(ksqldb, statements, logger);
  assert.deepEqual(warnings, [
    { statement: 'ksql/statements/x.ksql, line 1, STREAM BASE', wanted: ['K', 'X'], found: ['K', 'Y'] },
  ]);
});
