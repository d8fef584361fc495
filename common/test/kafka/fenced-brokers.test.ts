import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { patchFencedBrokers } from '../../src/kafka/fenced-brokers.ts';
import { patchRequestTimers } from '../../src/kafka/request-timers.ts';

const require = createRequire(import.meta.url);
const BrokerPool = require('kafkajs/src/cluster/brokerPool');
const Connection = require('kafkajs/src/network/connection');
const Encoder = require('kafkajs/src/protocol/encoder');
const silent = { namespace: () => silent, debug() {}, info() {}, warn() {}, error() {} };

patchRequestTimers();
patchFencedBrokers();

/** A connection whose peer answers nothing; `receive` is what it does say. */
function openConnection() {
  let receive: (bytes: Buffer) => void = () => {};
  const state = { destroyed: false };
  const connection = new Connection({
    host: 'kafka',
    port: 1,
    logger: silent,
    requestTimeout: 30_000,
    connectionTimeout: 1_000,
    socketFactory({ onConnect }: { onConnect(): void }) {
      setImmediate(onConnect);
      const socket = {
        on(event: string, listen: (bytes: Buffer) => void) {
          if (event === 'data') receive = listen;
          return socket;
        },
        once: () => socket,
        setKeepAlive: () => socket,
        setNoDelay: () => socket,
        write() {},
        end() {},
        unref() {},
        destroy() {
          state.destroyed = true;
        },
      };
      return socket;
    },
  });
  return { connection, state, receive: (bytes: Buffer) => receive(bytes) };
}

const request = {
  request: { apiKey: 3, apiVersion: 0, apiName: 'Metadata', encode: async () => new Encoder() },
  response: { decode: async (payload: Buffer) => payload, parse: async (payload: Buffer) => payload },
};

/** Broker 1 hangs; broker 2 names those that Kafka has not fenced. */
async function openPool(alive: number[]) {
  const all = [1, 2].map((nodeId) => ({ nodeId, host: 'kafka', port: nodeId, rack: null }));
  const { connection, state } = openConnection();
  await connection.connect();
  let known = all;
  let asked = 0;
  const metadata = async () => {
    asked++;
    return { brokers: known, topicMetadata: [{ topic: 'orders' }] };
  };
  const broker = (nodeId: number, pool: unknown[]) => ({
    nodeId,
    connectionPool: { host: 'kafka', port: nodeId, rack: null, pool },
    isConnected: () => true,
    metadata,
  });
  const pool = Object.assign(Object.create(BrokerPool.prototype), {
    brokers: { 1: broker(1, [connection]), 2: broker(2, []) },
    retrier: (attempt: (bail: (error: Error) => never) => Promise<unknown>) => attempt(assert.fail),
    metadata: null,
  });
  pool.seedBroker = pool.brokers[2];
  pool.findConnectedBroker = async () => pool.brokers[2];
  await pool.refreshMetadata(['orders']);
  known = all.filter(({ nodeId }) => alive.includes(nodeId));
  return { connection, state, asked: () => asked };
}

/** Ten seconds in which nothing is answered. */
async function wait(tick: (ms: number) => void) {
  for (let second = 0; second < 10; second++) {
    tick(1_000);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

test('requests to a broker that hangs fail as soon as another broker knows that it is fenced', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const { connection, state } = await openPool([2]);
  const failed = assert.rejects(connection.send(request), {
    name: 'KafkaJSConnectionClosedError',
    host: 'kafka',
    port: 1,
  });
  await wait((ms) => t.mock.timers.tick(ms));
  await failed;
  assert.equal(connection.isConnected(), false);
  assert.ok(state.destroyed, 'a late answer must not reach the next connection');
});

test('requests to a broker that is slow, and not fenced, keep waiting', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const { connection, asked } = await openPool([1, 2]);
  const before = asked();
  let isOver = false;
  connection.send(request).finally(() => {
    isOver = true;
  });
  await wait((ms) => t.mock.timers.tick(ms));
  assert.equal(isOver, false);
  const questions = asked() - before;
  assert.ok(questions >= 1 && questions <= 4, `asked ${questions} times in 10 s`);
});

test('the partial answer of a closed connection is dropped', async () => {
  const { connection, receive } = openConnection();
  await connection.connect();
  receive(Buffer.from([0, 0, 0, 9, 1, 2]));
  await connection.disconnect();
  await connection.connect();
  const answer = connection.send(request);
  while (connection.requestQueue.inflight.size === 0) await new Promise((resolve) => setImmediate(resolve));
  // Length, correlation id, one byte.
  receive(Buffer.from([0, 0, 0, 5, 0, 0, 0, 0, 7]));
  assert.deepEqual([...(await answer)], [7]);
  connection.requestQueue.destroy();
});

test('a connection that failed and is closed again and again keeps no listeners', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  server.close();
  await once(server, 'close');
  const connection = new Connection({
    host: '127.0.0.1',
    port: address.port,
    logger: silent,
    requestTimeout: 30_000,
    connectionTimeout: 1_000,
    socketFactory: ({ host, port, onConnect }: { host: string; port: number; onConnect(): void }) =>
      connect(port, host, onConnect),
  });
  await assert.rejects(connection.connect(), { name: 'KafkaJSConnectionError' });
  const { socket } = connection;
  const before = socket.listenerCount('connect');
  for (let time = 0; time < 20; time++) await connection.disconnect();
  assert.equal(socket.listenerCount('connect'), before);
});
