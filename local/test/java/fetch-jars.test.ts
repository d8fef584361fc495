import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder, until } from '@shop/test-support';
import { fetchJars } from '../../src/java/fetch-jars.ts';
import { identify } from '../../src/os/identity.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

test('a stop ends Maven, and leaves no incomplete folder', async (t) => {
  const folder = makeTestFolder(t);
  const [bin, cache, pidFile] = ['bin', 'cache', 'pid'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(bin);
  // A script replaces Maven: it creates the folder from its arguments, then keeps running.
  const mvn = path.join(bin, 'mvn');
  writeFileSync(
    mvn,
    `#!/bin/sh
for word; do case "$word" in -Djars=*) mkdir -p "\${word#-Djars=}";; esac; done
echo $$ > ${pidFile}
exec sleep 300
`,
  );
  chmodSync(mvn, 0o755);
  const stopping = new AbortController();
  const fetching = fetchJars({
    checkout,
    cache,
    kafkaVersion: '0.0.0',
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
    signal: stopping.signal,
  });
  const stopped = assert.rejects(fetching.kafka, /stopped/);
  const pid = await until(
    'a number of the process',
    () => existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8')),
  );
  stopping.abort(new Error('stopped'));
  await stopped;
  assert.equal(identify(pid), undefined);
  assert.deepEqual(readdirSync(cache), []);
});
