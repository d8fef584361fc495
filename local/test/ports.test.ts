import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { checkPorts, describeTaken, findFreePort } from '../src/ports.ts';

test('says which port is taken, for whom, by whom, and how to move', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const free = await findFreePort();
  await assert.rejects(
    checkPorts([
      { part: 'kafka', port },
      { part: 'connect', port: free },
    ]),
    (error: Error) => {
      assert.match(error.message, new RegExp(`port ${port}, which kafka needs, is taken by process ${process.pid}`));
      assert.doesNotMatch(error.message, /connect/);
      assert.match(error.message, /--port-offset 10000/);
      return true;
    },
  );
  await checkPorts([{ part: 'connect', port: free }]);
});

test('a port is taken too when someone listens on every address', async (t) => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await assert.rejects(checkPorts([{ part: 'kafka', port }]), /is taken by/);
});

test('names every taken port, also when its holder cannot be seen', () => {
  const text = describeTaken(
    [
      { part: 'kafka', port: 9092 },
      { part: 'websocket', port: 8080 },
    ],
    (port) => (port === 8080 ? 'process 7 (nginx)' : undefined),
  );
  assert.match(text, /^port 9092, which kafka needs, is taken by another process\n/);
  assert.match(text, /\nport 8080, which websocket needs, is taken by process 7 \(nginx\)\n/);
});
