import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder } from '@shop/test-support';
import { readCompose } from '../../src/compose/read-compose.ts';
import { findAddresses } from '../../src/fleet/addresses.ts';
import { findFolders } from '../../src/fleet/folders.ts';
import { listPorts } from '../../src/fleet/list-ports.ts';
import { emptyFolders } from '../../src/fleet/prepare-folders.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const launch = path.join(checkout, 'local', 'launch.mjs');
const main = path.join(checkout, 'local', 'src', 'main.ts');

test('a port in use is reported before the search for Java and before anything is deleted', async (t) => {
  const data = makeTestFolder(t);
  mkdirSync(path.join(data, 'kafka'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [launch, main, '--only', 'kafka', '--fresh'], {
    env: { ...process.env, SHOP_DATA: data, KAFKA_LOCAL_PORT: String(port), JAVA_HOME: '/none' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  assert.equal(code, 1, said);
  assert.match(said, new RegExp(`port ${port}, which kafka needs, is taken by process ${process.pid}`));
  assert.doesNotMatch(said, /Java|deleted the data/);
  assert.ok(existsSync(path.join(data, 'kafka')));
});

test('--fresh also deletes the logs, but keeps their folder', (t) => {
  const data = makeTestFolder(t);
  const folders = findFolders({ ...process.env, SHOP_DATA: data });
  for (const name of ['kafka.log', 'kafka.log.1']) writeFileSync(path.join(folders.log, name), 'old');
  writeFileSync(folders.figures, '{}');
  emptyFolders(folders, () => {});
  assert.deepEqual(readdirSync(folders.log), []);
  assert.equal(existsSync(folders.figures), false);
});

test('lists the main port and the /health port of each process, with the offset', () => {
  const compose = readCompose(checkout, {});
  const options = { brokers: 1, portOffset: 2_000, cloud: false };
  assert.deepEqual(listPorts(['kafka', 'ksqldb', 'updater', 'websocket'], findAddresses(compose, options, {})), [
    { name: 'kafka', port: 11_092 },
    { name: 'ksqldb', port: 10_088 },
    { name: 'ksqldb', port: 11_100 },
    { name: 'updater', port: 11_103 },
    { name: 'websocket', port: 10_080 },
    { name: 'websocket', port: 11_107 },
  ]);
  const cluster = findAddresses(compose, { ...options, brokers: 3 }, {});
  assert.deepEqual(
    listPorts(['kafka', 'kafka-2', 'kafka-3'], cluster).map(({ port }) => port),
    [11_092, 11_093, 11_094, 11_095, 11_096, 11_097],
  );
});
