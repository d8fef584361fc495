import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limitTime } from '../../src/service/limit-time.ts';

test('the result of work in time', async () => {
  assert.equal(await limitTime(60_000, new AbortController().signal, async () => 7), 7);
});

test('a request without an answer ends, although garbage is collected meanwhile', async (t) => {
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  setFlagsFromString('--expose-gc');
  const collecting = setInterval(runInNewContext('gc') as () => void, 20);
  t.after(() => clearInterval(collecting));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await assert.rejects(
    limitTime(200, new AbortController().signal, (signal) => fetch(url, { signal })),
    { name: 'TimeoutError', message: 'no result within 200 ms' },
  );
});

test('the signal of the service ends the work', async () => {
  const ending = new AbortController();
  const working = limitTime(60_000, ending.signal, (signal) => once(signal, 'abort'));
  ending.abort();
  await working;
});
