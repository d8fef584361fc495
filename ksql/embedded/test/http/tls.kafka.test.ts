import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { it } from 'node:test';
import { makeTestFolder, unique, untilPasses } from '@shop/test-support';
import { startServer } from '../helpers/start-server.ts';

it('speaks TLS with --tls-cert and --tls-key', async (t) => {
  const folder = makeTestFolder(t);
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert, ...names],
    { stdio: 'ignore' },
  );
  const server = await startServer(`test-${unique()}`, ['--tls-cert', cert, '--tls-key', key]);
  t.after(() => server.end('SIGKILL'));
  const status = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = https.get(`${server.url}/info`, { ca: readFileSync(cert), agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
    });
  await untilPasses('an answer over TLS', async () => assert.equal(await status(), 200));
  await assert.rejects(fetch(server.url.replace('https', 'http')));
  assert.equal(await server.end('SIGTERM'), 0);
});
