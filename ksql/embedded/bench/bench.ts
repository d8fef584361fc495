import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { openTestKafka, type TestKafka, unique, untilPasses } from '@shop/test-support';
import { Command } from 'commander';
import { rowsOf, runStatements, startServer, type TestServer } from '../test/helpers/start-server.ts';
import { measureQueries, percentiles } from './load.ts';

const command = new Command('npm run bench:ksqldb --')
  .description(
    'Measures look-ups, freshness, memory and restart of the embedded ksqlDB, on its own broker or TEST_KAFKA.',
  )
  .argument('[rows]', 'customers', '1000000')
  .addHelpText('after', '\nExample:\n  npm run bench:ksqldb -- 100000')
  .parse();
const rows = Number(command.processedArgs[0]);
const prefix = `b${unique()}_`;
const random = (n: number): number => Math.floor(Math.random() * n);

function customer(id: number, address: string): { key: string; value: string } {
  const after = {
    id,
    first_name: `First${id}`,
    last_name: `Last${id}`,
    zipcode: String(10_000 + (id % 90_000)),
    country: 'FR',
    address,
  };
  return { key: String(id), value: JSON.stringify({ before: null, after, op: 'c', ts_ms: Date.now() }) };
}

const statements = (topic: string, name: string): string => `
  CREATE TABLE ${name}_changes (id BIGINT PRIMARY KEY, after STRUCT<id BIGINT, first_name VARCHAR, last_name VARCHAR, zipcode VARCHAR, country VARCHAR, address VARCHAR>, op VARCHAR, ts_ms BIGINT) WITH (KAFKA_TOPIC='${topic}', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');
  CREATE TABLE ${name} AS SELECT id, op, ts_ms AS changed_at, after->first_name AS first_name, after->last_name AS last_name, after->zipcode AS zipcode, after->country AS country, after->address AS address FROM ${name}_changes EMIT CHANGES;`;

async function fill(kafka: TestKafka, topic: string, count: number): Promise<void> {
  await kafka.createTopic(topic, 6, { 'cleanup.policy': 'compact' });
  for (let from = 0; from < count; from += 10_000) {
    await kafka.send(
      topic,
      Array.from({ length: Math.min(10_000, count - from) }, (_, i) => customer(from + i, `${from + i} Main St`)),
    );
  }
}

/** Waits until the last customers are there; returns the seconds it took. */
async function untilFilled({ url }: TestServer, table: string, count: number): Promise<number> {
  const began = performance.now();
  const last = Array.from({ length: 200 }, (_, i) => count - 1 - i).join(', ');
  await untilPasses(
    '200 rows of the table',
    async () => {
      const found = await rowsOf(url, `SELECT id FROM ${table} WHERE id IN (${last});`);
      if (found.length < 200) throw new Error(`${found.length} of 200 rows`);
    },
    { patienceMs: 600_000 },
  );
  return Math.round((performance.now() - began) / 100) / 10;
}

function memoryMb({ pid }: TestServer): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (field: string): number =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1_024);
  return { now: read('VmRSS'), most: read('VmHWM') };
}

/** CPU time the process has used, ms: on a shared machine a steadier figure than the time a query took. */
function cpuMs({ pid }: TestServer): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measure(server: TestServer, connections: number, nextSql: () => string): Promise<object> {
  const [before, began] = [cpuMs(server), performance.now()];
  const measured = await measureQueries(server.url, connections, 8, nextSql);
  const queries = (measured.perSecond * (performance.now() - began)) / 1_000;
  return { ...measured, cpuMsPerQuery: Math.round(((cpuMs(server) - before) / queries) * 1_000) / 1_000 };
}

/** Asks every other millisecond, so that the asking adds nothing to what is measured. */
async function untilSeen({ url }: TestServer, sql: string, mark: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    const [row] = await rowsOf(url, sql);
    if (row?.[0] === mark) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function measureFreshness(
  kafka: TestKafka,
  server: TestServer,
  topic: string,
  table: string,
  seconds: number,
): Promise<{ p50Ms: number; p99Ms: number }> {
  const took: number[] = [];
  const probes: Promise<void>[] = [];
  for (let tick = 0; tick < seconds * 50; tick++) {
    const next = new Promise((resolve) => setTimeout(resolve, 20));
    const id = random(1_000);
    const mark = unique();
    await kafka.send(topic, [
      customer(id, mark),
      ...Array.from({ length: 19 }, () => customer(1_000 + random(rows - 1_000), unique())),
    ]);
    const sent = performance.now();
    if (tick % 10 === 0) {
      probes.push(
        untilSeen(server, `SELECT address FROM ${table} WHERE id = ${id};`, mark).then(
          () => void took.push(performance.now() - sent),
        ),
      );
    }
    await next;
  }
  await Promise.all(probes);
  return percentiles(took);
}

const kafka = await openTestKafka();
let server = await startServer(`bench-${prefix}`);
const report = (what: string, figures: unknown): void => console.log(what.padEnd(58), JSON.stringify(figures));
try {
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${rows} customers`);
  const [small, big] = [`${prefix}small`, `${prefix}big`];
  await fill(kafka, `${small}_in`, 1_000);
  await fill(kafka, `${big}_in`, rows);
  await server.ready();
  await runStatements(server.url, statements(`${small}_in`, small));
  await untilFilled(server, small, 1_000);
  const byKey = (table: string, count: number) => (): string => `SELECT * FROM ${table} WHERE id = ${random(count)};`;
  report('pull by key of 1,000 rows, 16 connections', await measure(server, 16, byKey(small, 1_000)));
  await runStatements(server.url, statements(`${big}_in`, big));
  report(`${rows} rows read, mapped and written, s`, await untilFilled(server, big, rows));
  report('memory after that, MB', memoryMb(server));
  report(`pull by key of ${rows} rows, 16 connections`, await measure(server, 16, byKey(big, rows)));
  const inList = (size: number) => (): string =>
    `SELECT id, op, first_name, last_name, zipcode, country, address FROM ${big} WHERE id IN (${Array.from({ length: size }, () => random(rows)).join(', ')});`;
  for (const size of [150, 500]) {
    report(`IN lists of ${size}, 4 connections`, await measure(server, 4, inList(size)));
  }
  report(
    '1,000 changes a second: from acknowledged to pulled',
    await measureFreshness(kafka, server, `${big}_in`, big, 10),
  );
  await server.end('SIGTERM');
  const began = performance.now();
  server = await startServer(`bench-${prefix}`);
  await untilPasses('a server that answers', () => server.ready(), { patienceMs: 300_000 });
  report(`restart with ${rows} rows, s`, Math.round((performance.now() - began) / 100) / 10);
  report('memory after that, MB', memoryMb(server));
} finally {
  await server.end('SIGTERM');
  await kafka.close();
}
