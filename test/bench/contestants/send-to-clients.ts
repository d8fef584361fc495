import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { type WebSocket, WebSocketServer } from 'ws';
import { orderMessage } from '../shop/orders-topic.ts';

// Sends messages to all clients as soon as so many have connected. The ceiling: buffers that are ready, in a bare loop. The
// obvious way: each message as kafkajs reads it, as JSON for each client.
const [way = '', clientCount = '0', messageCount = '0', broker = '', topic = ''] = process.argv.slice(2);
const clients = Number(clientCount);
const mostBuffered = 4 * 1024 * 1024;

const toEvent = (index: number, value: object, key: string) => ({
  topic: 'orders-topic-00000000',
  partition: 0,
  offset: index,
  key,
  value,
  timestamp: Date.now(),
  seq: index + 1,
});
const ready =
  way === 'ready'
    ? Array.from({ length: Number(messageCount) }, (_, index) => {
        const { key, value } = orderMessage(index, 1_000);
        return Buffer.from(JSON.stringify(toEvent(index, JSON.parse(value), key)));
      })
    : [];

const sockets: WebSocket[] = [];
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('listening', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
await new Promise<void>((resolve) => {
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (sockets.length === clients) resolve();
  });
});
if (way === 'ready') await sendReady();
else await sendFromKafka();

async function sendReady(): Promise<void> {
  for (const buffer of ready) {
    for (const socket of sockets) socket.send(buffer, { binary: false });
    await untilTaken();
  }
}

async function sendFromKafka(): Promise<void> {
  const consumer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).consumer({
    groupId: `${topic}-clients`,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { offset, key, value } }) => {
      const event = toEvent(Number(offset), JSON.parse(String(value)), String(key));
      for (const socket of sockets) socket.send(JSON.stringify(event));
      await untilTaken();
    },
  });
}

/** Keeps memory bounded when the clients are slower. */
async function untilTaken(): Promise<void> {
  while (sockets.some(({ bufferedAmount }) => bufferedAmount > mostBuffered)) await delay(1);
}
