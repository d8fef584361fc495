import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '@shop/test-support';
import { openStream } from '../support/open-stream.ts';
import { readStream } from '../support/stream-reader.ts';

const topics = { TOPICS: 'customer_orders,FINAL_INVENTORY' };

test('/websocket gives the raw values of FINAL_INVENTORY, as the original demo did', async (t) => {
  const { port, publish } = await openStream(t, topics);
  const client = await readStream(port, '/websocket');
  client.webSocket.send('hello');
  const rows = ['{"QUANTITY":3,"MOVING_INVENTORY":37}', '{"QUANTITY":5,"MOVING_INVENTORY":35}'];
  publish('FINAL_INVENTORY', rows[0] ?? '');
  publish('customer_orders', '{"order_id":"1"}');
  publish('FINAL_INVENTORY', null);
  publish('FINAL_INVENTORY', rows[1] ?? '');
  await until('both values', () => client.texts.length >= 2);
  assert.deepEqual(client.texts, rows);
  assert.equal(client.closed.code, undefined, 'what the client sends is ignored');
});

test('/websocket takes the query of the stream, too', async (t) => {
  const { port, publish } = await openStream(t, topics);
  publish('FINAL_INVENTORY', '{"n":1}');
  publish('FINAL_INVENTORY', '{"n":2}');
  const client = await readStream(port, '/websocket?replay=1');
  await until('the last value', () => client.texts.length > 0);
  assert.deepEqual(client.texts, ['{"n":2}']);
});
