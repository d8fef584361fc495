import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { orderIdOf } from '../shop/orders-topic.ts';

// Reads a stream with many clients. Prints `connected`, and `done` when every client has all messages, or no more arrive.
const [address = '', clientCount = '0', messageCount = '0'] = process.argv.slice(2);
const clients = Number(clientCount);
const messages = Number(messageCount);
/** Without a message for this time, the rest counts as lost, ms. */
const silenceMs = 30_000;

const total = { expected: clients * messages, distinct: 0, received: 0, wrong: 0 };
let firstAt = 0;
let lastAt = Date.now();
const sockets = Array.from({ length: clients }, (_, client) => {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  let lastSeq = 0;
  socket.on('message', (bytes: Buffer) => {
    const at = bytes.lastIndexOf('"seq":');
    if (at < 0) return;
    const seq = Number.parseInt(bytes.toString('latin1', at + 6, at + 16), 10);
    lastAt = Date.now();
    firstAt ||= lastAt;
    total.received += 1;
    if (seq > lastSeq) total.distinct += 1;
    lastSeq = Math.max(seq, lastSeq);
    // One client of a process also checks the content.
    if (client === 0 && JSON.parse(String(bytes)).value.order_id !== orderIdOf(seq - 1)) total.wrong += 1;
  });
  return socket;
});
await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
console.log(JSON.stringify({ msg: 'connected' }));
lastAt = Date.now();
while (total.received < total.expected && Date.now() < lastAt + silenceMs) await delay(20);
// A second copy would arrive now.
await delay(200);
console.log(JSON.stringify({ msg: 'done', firstAt, lastAt, answers: total }));
for (const socket of sockets) socket.terminate();
