import { once } from 'node:events';
import WebSocket from 'ws';

/** What a reading process says in the end. */
export interface ReadReport {
  clients: number;
  /** Events received by all of them together. */
  received: number;
  /** Events received by the client that got the fewest, and the most. */
  fewest: number;
  most: number;
  /** Events whose sequence number was not the next one. */
  outOfOrder: number;
  gaps: number;
  /** Milliseconds from Kafka's timestamp to the first client of this process. */
  waits: number[];
}

// Started by bench.ts with an address and a number of clients; says `open` when all are connected, and reports
// whenever it is asked.
const [address = '', count = '0'] = process.argv.slice(2);
const received = new Uint32Array(Number(count));
const report: ReadReport = {
  clients: Number(count),
  received: 0,
  fewest: 0,
  most: 0,
  outOfOrder: 0,
  gaps: 0,
  waits: [],
};
const sockets: WebSocket[] = [];

for (let client = 0; client < Number(count); client += 1) {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  const lastSeq = new Map<string, number>();
  socket.on('message', (message: Buffer) => {
    const text = message.toString('latin1');
    if (text.includes('"type":"gap"', 0)) report.gaps += 1;
    const [, partition, timestamp, seq] = /"partition":(\d+),.*"timestamp":(\d+),"seq":(\d+)/.exec(text) ?? [];
    if (partition === undefined) return;
    const last = lastSeq.get(partition);
    if (last !== undefined && Number(seq) !== last + 1) report.outOfOrder += 1;
    lastSeq.set(partition, Number(seq));
    received[client] = (received[client] ?? 0) + 1;
    if (client === 0) report.waits.push(Date.now() - Number(timestamp));
  });
  sockets.push(socket);
  await once(socket, 'open');
}
process.send?.('open');

process.on('message', () => {
  report.received = received.reduce((sum, each) => sum + each, 0);
  report.fewest = Math.min(...received);
  report.most = Math.max(...received);
  process.send?.(report);
});
process.on('disconnect', () => {
  for (const socket of sockets) socket.terminate();
});
