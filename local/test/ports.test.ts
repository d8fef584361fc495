import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { firstEphemeralPort } from '../src/port-holder.ts';
import { checkPorts, describeTaken, findFreePort } from '../src/ports.ts';

test('names the port in use, its purpose, its holder, and how to choose other ports', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const free = await findFreePort();
  await assert.rejects(
    checkPorts([
      { name: 'kafka', port },
      { name: 'connect', port: free },
    ]),
    (error: Error) => {
      assert.match(error.message, new RegExp(`port ${port}, which kafka needs, is taken by process ${process.pid}`));
      assert.doesNotMatch(error.message, /connect/);
      assert.match(error.message, /--port-offset/);
      return true;
    },
  );
  await checkPorts([{ name: 'connect', port: free }]);
});

test('a port is also in use when a program listens on every address', async (t) => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await assert.rejects(checkPorts([{ name: 'kafka', port }]), /is taken by/);
});

test('reports that an outgoing connection has the port, and the ports for such connections', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const port = socket.localPort ?? 0;
  t.after(() => {
    socket.destroy();
    server.close();
  });
  await assert.rejects(
    checkPorts([{ name: 'websocket', port }]),
    new RegExp(
      `port ${port}, which websocket needs, is in use by an outgoing connection of process ${process.pid} .*` +
        'the system assigns ports \\d+ and above to such connections\n',
    ),
  );
});

test('names an offset with which every port is free and below those of outgoing connections', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const base = 5_000;
  await assert.rejects(checkPorts([{ name: 'kafka', port }], port - base), (error: Error) => {
    const [, offset] = /--port-offset (\d+)$/.exec(error.message) ?? [];
    assert.ok(Number(offset) + base < firstEphemeralPort());
    return true;
  });
});

test('names every port in use, even if its holder is not visible', () => {
  const holderOf = (port: number) =>
    port === 8080 ? { process: 'process 7 (nginx)', isOutgoing: false } : { isOutgoing: true };
  const text = describeTaken(
    [
      { name: 'kafka', port: 9092 },
      { name: 'websocket', port: 8080 },
    ],
    holderOf,
    500,
  );
  assert.match(text, /^port 9092, which kafka needs, is in use by an outgoing connection of another process; /);
  assert.match(text, /\nport 8080, which websocket needs, is taken by process 7 \(nginx\)\n/);
  assert.match(text, /npm start -- --port-offset 500$/);
});

test('a free port is outside the ephemeral range', async () => {
  for (let i = 0; i < 50; i++) assert.ok((await findFreePort()) < firstEphemeralPort());
});
