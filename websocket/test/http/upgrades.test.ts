import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { until } from '@shop/test-support';
import { openStream } from '../support/open-stream.ts';
import { readStream } from '../support/stream-reader.ts';

test('a page of another origin is refused', async (t) => {
  const { port } = await openStream(t, { ALLOWED_ORIGINS: 'https://friend.example' });
  assert.equal((await readStream(port, '/', { origin: 'https://evil.example' })).closed.status, 403);
  for (const origin of ['https://friend.example', `http://127.0.0.1:${port}`])
    assert.equal((await readStream(port, '/', { origin })).closed.code, undefined, origin);
});

test('a handshake through a tunnel is accepted, and one of DNS rebinding is refused with what to set', async (t) => {
  const { port } = await openStream(t);
  for (const headers of [
    { host: 'abc-8080.app.github.dev', origin: 'http://localhost:8080' },
    {
      host: 'localhost:8080',
      origin: 'https://abc-8080.app.github.dev',
      'x-forwarded-host': 'abc-8080.app.github.dev',
    },
    { host: 'shop.local', origin: 'http://shop.local:41080' },
  ])
    assert.equal((await readStream(port, '/', { headers })).closed.code, undefined, headers.origin);
  const headers = { host: 'evil.example:8080', origin: 'http://evil.example:8080' };
  const { closed } = await readStream(port, '/', { headers });
  assert.equal(closed.status, 403);
});

test('connections are limited, together and by address', async (t) => {
  const together = await openStream(t, { MAX_CLIENTS: '2' });
  await readStream(together.port);
  const second = await readStream(together.port);
  assert.equal((await readStream(together.port)).closed.status, 503);
  second.close();
  await until('one has gone', () => together.upgrades.size === 1);
  assert.equal((await readStream(together.port)).closed.code, undefined);

  const byAddress = await openStream(t, { MAX_CLIENTS_PER_ADDRESS: '1' });
  await readStream(byAddress.port);
  assert.equal((await readStream(byAddress.port)).closed.status, 429);
});

test('only the paths that exist can be connected to', async (t) => {
  const { port } = await openStream(t);
  assert.equal((await readStream(port, '/nothing')).closed.status, 404);
});

test('an invalid query is refused with its reason', async (t) => {
  const { port } = await openStream(t);
  const reader = await readStream(port, '/?topics=c');
  await until('closed', () => reader.closed.code !== undefined);
  assert.deepEqual(reader.closed, { code: 1008, reason: 'topics: not served: c' });
});

test('the stream takes no messages, least of all long ones', async (t) => {
  const { port } = await openStream(t);
  for (const [text, code] of [
    ['hello', 1008],
    ['x'.repeat(1_025), 1009],
  ] as const) {
    const reader = await readStream(port);
    reader.webSocket.send(text);
    await until('closed', () => reader.closed.code !== undefined);
    assert.equal(reader.closed.code, code);
  }
});

test('a client that does not answer pings is disconnected', async (t) => {
  const { port, upgrades } = await openStream(t, { HEARTBEAT_SECONDS: '1' });
  const living = await readStream(port);
  const dead = await readStream(port, '/', { autoPong: false });
  await until('the dead one has gone', () => upgrades.size === 1);
  assert.equal(dead.closed.code, 1006);
  assert.equal(living.closed.code, undefined);
});

test('half a handshake and a reset connection do no harm', async (t) => {
  const { port } = await openStream(t);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  await until('refused', () => socket.readyState !== 'opening' && socket.bytesRead > 0);
  socket.resetAndDestroy();
  assert.equal((await readStream(port)).closed.code, undefined);
});
