import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createKafka } from '@shop/common';
import { findFreeOffset, makeDataFolder, until } from '@shop/test-support';
import { Client } from 'pg';
import { listFleetPorts, movePorts } from './start-fleet.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const topic = 'disk';
const megabyte = 1_024 * 1_024;

test('a full disk is reported with its folders, and Kafka and Postgres continue when it has space again', async (t) => {
  const data = makeDataFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', data], { encoding: 'utf8' });
  if (mounted.status !== 0) {
    rmSync(data, { recursive: true });
    return t.skip(`a small disk cannot be mounted here: ${mounted.stderr.trim()}`);
  }
  const offset = await findFreeOffset(listFleetPorts(), { from: 5_000, to: 10_000 });
  const ports = movePorts(offset);
  const words = [
    'local/launch.mjs',
    'local/src/main.ts',
    '--only',
    'kafka,postgres_start',
    '--port-offset',
    `${offset}`,
  ];
  const child = spawn(process.execPath, words, {
    cwd: checkout,
    env: { ...process.env, SHOP_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const ended = new AbortController();
  void closed.then(([code]) => ended.abort(new Error(`npm start ended with ${code}:\n${said}`)));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  t.after(async () => {
    child.kill('SIGTERM');
    await closed;
    spawnSync('umount', ['-l', data]);
    rmSync(data, { recursive: true, force: true });
    t.diagnostic(said);
  });
  const say = (words: string, from = 0) => until(`"${words}"`, () => said.slice(from).includes(words), ended);

  async function produce(): Promise<boolean> {
    const kafka = createKafka({ brokers: [`127.0.0.1:${ports.kafka}`], source: { brokers: 'test', login: 'test' } });
    const [admin, producer] = [kafka.admin({ retry: { retries: 0 } }), kafka.producer({ retry: { retries: 0 } })];
    try {
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
      await producer.connect();
      await producer.send({ topic, timeout: 5_000, messages: [{ value: 'x'.repeat(500_000) }] });
      return true;
    } finally {
      await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
    }
  }

  async function insert(rows: number): Promise<boolean> {
    const login = { host: '127.0.0.1', port: ports.postgres, database: 'dummy', user: 'shop', password: 'shop-local' };
    const client = new Client({ ...login, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {}); // Postgres restarts when the disk has no room for its WAL
    try {
      await client.connect();
      await client.query(
        `INSERT INTO customers (first_name, last_name, zipcode, country, address)
         SELECT 'Ada', md5(n::text), '10115', 'DE', repeat(md5(n::text), 30) FROM generate_series(1, $1::int) AS n`,
        [rows],
      );
      return true;
    } finally {
      await client.end().catch(() => {});
    }
  }
  const fails = (work: () => Promise<boolean>) =>
    work().then(
      () => false,
      () => true,
    );

  await say('everything is up');
  await until('a message', produce);
  await until('a customer', () => insert(1));
  await until('the stored figures', () => existsSync(path.join(data, 'figures.json')));
  const fillers = path.join(data, 'fillers');
  mkdirSync(fillers);
  const fill = () => {
    const file = openSync(path.join(fillers, String(Date.now())), 'w');
    try {
      for (;;) writeSync(file, Buffer.alloc(megabyte / 4, 'x'));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    } finally {
      closeSync(file);
    }
  };
  fill();
  await say(`MB left on the disk of ${path.join(data, 'kafka')}`);
  await until('Kafka cannot write', () => {
    fill();
    return fails(produce);
  });
  await until('Postgres cannot write', () => {
    fill();
    return fails(() => insert(20_000));
  });
  await say('cannot store the figures: ENOSPC');

  const before = said.length;
  rmSync(fillers, { recursive: true });
  await say(`there is room again on the disk of ${path.join(data, 'kafka')}`, before);
  await until('a message again', produce);
  await until('a customer again', () => insert(1));
  assert.equal(said.split('MB left on the disk').length, 2, said);
});
