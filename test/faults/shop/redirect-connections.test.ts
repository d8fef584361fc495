import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { findFreePort } from '@shop/test-support';

const preload = new URL('./redirect-connections.mjs', import.meta.url).href;

test('redirects connections from one port to another, and no others', async (t) => {
  const server = createServer((socket) => socket.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const from = await findFreePort();
  const program = `
    import { connect } from 'node:net';
    for (const port of [${from}, ${port}, ${await findFreePort()}])
      await new Promise((resolve) =>
        connect({ host: '127.0.0.1', port }, () => resolve(console.log('connected')))
          .on('error', ({ code }) => resolve(console.log(code))));
    process.exit();`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', preload, '--input-type=module', '--eval', program],
    {
      env: { ...process.env, REDIRECT_CONNECTIONS: `${from}:${port}` },
    },
  );
  assert.deepEqual(stdout.trim().split('\n'), ['connected', 'connected', 'ECONNREFUSED']);
});
