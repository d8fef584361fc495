import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import WebSocket, { WebSocketServer } from 'ws';
import { encodeFrame } from '../../src/api/frame.ts';

test('a client understands frames of every length, several at once', async (t) => {
  const payloads = [0, 125, 126, 65_535, 65_536, 200_000].map((length) => 'ä'.repeat(length / 2).padEnd(length / 2));
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  t.after(() => http.close());
  http.on('upgrade', (request, socket, head) =>
    server.handleUpgrade(request, socket, head, () => socket.write(Buffer.concat(payloads.map((p) => encodeFrame(p))))),
  );
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const { port } = http.address() as { port: number };
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  t.after(() => client.terminate());
  const received: string[] = [];
  client.on('message', (message) => received.push(String(message)));
  while (received.length < payloads.length) await once(client, 'message');
  assert.deepEqual(received, payloads);
});

test('binary frames have the binary opcode', () => {
  assert.deepEqual([...encodeFrame(Buffer.from([255]), 'binary')], [0x82, 1, 255]);
});
