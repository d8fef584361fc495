import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { testKafka } from '@shop/test-support';
import { startTcpProxy } from './tcp-proxy.ts';

const preload = new URL('./redirect-connections.mjs', import.meta.url).href;

test('every connection of a process to its broker leads through the proxy', async (t) => {
  const brokerPort = Number(testKafka().split(':').at(-1));
  const proxy = await startTcpProxy(() => brokerPort);
  t.after(() => proxy.close());
  // The second request uses the address in the broker's metadata.
  const program = `
    import { createKafka } from '@shop/common';
    const kafka = createKafka({ brokers: ['127.0.0.1:${brokerPort}'], source: { brokers: 'test', login: 'test' } });
    const admin = kafka.admin({ retry: { retries: 0 } });
    await admin.connect();
    console.log((await admin.describeCluster()).brokers.length);
    await admin.disconnect();`;
  const ask = () =>
    promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--import', preload, '--input-type=module', '--eval', program],
      { env: { ...process.env, REDIRECT_CONNECTIONS: `${brokerPort}:${proxy.port}` }, timeout: 120_000 },
    );
  assert.equal((await ask()).stdout, '1\n');
  proxy.reset();
  await assert.rejects(ask, /ECONNRESET|closed connection/i);
  proxy.repair();
  assert.equal((await ask()).stdout, '1\n');
});
