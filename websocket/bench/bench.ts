import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildNewOrder, testKafka } from '@shop/test-support';
import { Command } from 'commander';
import { produceTo } from '../test/support/produce-to.ts';
import { startService } from '../test/support/start-service.ts';
import type { ReadReport } from './read-clients.ts';
import { readProcess } from './read-process.ts';

const command = new Command('npm run bench:websocket --')
  .description('Streams to many clients and to one that never reads, on its own broker or TEST_KAFKA.')
  .option('--clients <n>', 'clients that read', Number, 1_000)
  .option('--rate <n>', 'messages per second', Number, 200)
  .option('--seconds <n>', 'how long', Number, 20)
  .addHelpText('after', '\nExample:\n  npm run bench:websocket -- --clients 100 --seconds 5')
  .parse();
const { clients, rate, seconds } = command.opts<{ clients: number; rate: number; seconds: number }>();
const processes = 2;
const topic = `bench-${randomUUID().slice(0, 8)}`;

const kafka = await produceTo(testKafka(), [topic]);
const service = await startService(testKafka(), { TOPICS: topic, MAX_CLIENTS: '20000', LOG_LEVEL: 'info' });
await service.said('reading topics');

const dead = connect(service.port, '127.0.0.1');
dead.pause();
dead.write(
  'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
);

const readerFile = fileURLToPath(new URL('read-clients.ts', import.meta.url));
const address = `ws://127.0.0.1:${service.port}/?topics=${topic}`;
const readers = Array.from({ length: processes }, () =>
  fork(readerFile, [address, String(clients / processes)], { execArgv: ['--import', 'tsx'] }),
);
await Promise.all(readers.map((reader) => once(reader, 'message')));
console.log(`${clients} clients connected, and one that never reads; ${rate} messages/s for ${seconds} s`);

const before = readProcess(service.pid);
const began = Date.now();
let sent = 0;
while (sent < rate * seconds) {
  const due = Math.min(rate * seconds, Math.floor(((Date.now() - began) / 1_000) * rate));
  const messages = Array.from({ length: due - sent }, (_, n) => ({
    topic,
    key: String(sent + n),
    value: order(sent + n),
  }));
  sent = due;
  await kafka.send(messages);
  await delay(20);
}
const tookS = (Date.now() - began) / 1_000;
const after = readProcess(service.pid);
const reports = await readToTheEnd();
for (const reader of readers) reader.disconnect();
const neverReading = await readAtLast();
dead.destroy();
await service.end();
await kafka.close();

const waits = reports.flatMap((report) => report.waits).sort((a, b) => a - b);
const result = {
  clients,
  sent,
  fewest: Math.min(...reports.map(({ fewest }) => fewest)),
  most: Math.max(...reports.map(({ most }) => most)),
  out_of_order: reports.reduce((sum, { outOfOrder }) => sum + outOfOrder, 0),
  never_reading: neverReading,
  gaps: reports.reduce((sum, { gaps }) => sum + gaps, 0),
  deliveries_per_second: Math.round((clients * sent) / tookS),
  latency_ms: { p50: waits[Math.floor(waits.length / 2)], p99: waits[Math.floor(waits.length * 0.99)] },
  service: { cpu_percent: Math.round(((after.cpuS - before.cpuS) / tookS) * 100), rss_mb: Math.round(after.rssMb) },
};
console.log(JSON.stringify(result, null, 2));
const whole = result.fewest === sent && result.most === sent && result.out_of_order === 0 && result.gaps === 0;
console.log(whole ? 'every client got every message, in order' : 'NOT every client got every message');
process.exit(whole ? 0 : 1);

/** What the readers have, once they have all or nothing more comes. */
async function readToTheEnd(): Promise<ReadReport[]> {
  for (let last = '', quiet = 0; ; await delay(500)) {
    const reports = await Promise.all(readers.map(ask));
    const now = reports.map(({ received }) => received).join();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
    if (quiet >= 20 || reports.every(({ fewest }) => fewest >= sent)) return reports;
  }
}

/** Lets the client that never read do so: what it missed is announced to it. */
async function readAtLast(): Promise<string> {
  let text = '';
  dead.on('data', (bytes) => {
    text = text.slice(-2_000) + bytes.toString('latin1');
  });
  dead.resume();
  for (const end = Date.now() + 10_000; Date.now() < end; await delay(100)) {
    const [, missed] = /"type":"gap".*?"missed":(\d+)/.exec(text) ?? [];
    if (missed) return `got a gap of ${missed} messages in a partition`;
  }
  return 'was not held back: the operating system took everything';
}

async function ask(reader: (typeof readers)[number]): Promise<ReadReport> {
  const answer = once(reader, 'message');
  reader.send('report');
  const [report] = await answer;
  return report;
}

function order(n: number): string {
  return JSON.stringify({ ...buildNewOrder(n), note: 'x'.repeat(400) });
}
