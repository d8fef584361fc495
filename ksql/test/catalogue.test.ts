import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCatalogue } from '../src/catalogue.ts';

test('a paused query is paused, although a real ksqlDB lists it as RUNNING', async () => {
  const query = { id: 'CTAS_T_1', sinks: ['T'], state: 'RUNNING' };
  const list = (statusCount: object) => async () => [{ '@type': 'queries', queries: [{ ...query, statusCount }] }];
  const paused = await readCatalogue({ execute: list({ PAUSED: 1 }) });
  assert.equal(paused.queries.get('T')?.state, 'PAUSED');
  const running = await readCatalogue({ execute: list({ RUNNING: 1 }) });
  assert.equal(running.queries.get('T')?.state, 'RUNNING');
});
