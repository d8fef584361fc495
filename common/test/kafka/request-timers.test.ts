import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { patchRequestTimers } from '../../src/kafka/request-timers.ts';

const require = createRequire(import.meta.url);
patchRequestTimers();

interface Queue extends EventEmitter {
  push(request: Record<string, unknown>): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(ms: number): void;
  waitForPendingRequests(): Promise<void>;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}

const RequestQueue: new (options: Record<string, unknown>) => Queue = require('kafkajs/src/network/requestQueue');
const quiet = { debug() {}, warn() {} };

function openQueue(options: Record<string, unknown> = {}) {
  const connection = { isConnected: true };
  const queue = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    clientId: 'test',
    broker: 'localhost:1',
    logger: quiet,
    isConnected: () => connection.isConnected,
    ...options,
  });
  queue.scheduleRequestTimeoutCheck();
  const sent: number[] = [];
  /** Resolves with the answer. */
  const ask = (correlationId: number) =>
    new Promise((resolve, reject) =>
      queue.push({
        entry: { correlationId, apiName: 'Metadata', apiKey: 3, apiVersion: 1, resolve, reject },
        expectResponse: true,
        sendRequest: () => sent.push(correlationId),
      }),
    );
  const answer = (correlationId: number) => queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });
  return { queue, connection, sent, ask, answer };
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('a connection keeps a timer only while a request waits for its answer', async () => {
  const before = timers();
  const { ask, answer } = openQueue({ requestTimeout: 20 });
  assert.equal(timers(), before);
  const asked = ask(1);
  assert.equal(timers(), before + 1);
  answer(1);
  await asked;
  // The next check finds nothing to time.
  while (timers() > before) await new Promise((resolve) => setImmediate(resolve));
});

test('a request that waits for room is sent with the next answer, without another timer', async () => {
  const { queue, sent, ask, answer } = openQueue();
  const first = ask(1);
  const before = timers();
  const second = ask(2);
  assert.equal(timers(), before);
  assert.deepEqual(sent, [1]);
  answer(1);
  assert.deepEqual(sent, [1, 2]);
  answer(2);
  await Promise.all([first, second]);
  queue.destroy();
});

test('a request that a throttle holds back is sent when the throttle ends', async () => {
  const { queue, ask, answer, sent } = openQueue();
  queue.maybeThrottle(20);
  const asked = ask(1);
  assert.deepEqual(sent, []);
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  answer(1);
  await asked;
  queue.destroy();
});

test('a request without an answer times out, also when the connection is being closed', async () => {
  const before = timers();
  const { queue, connection, ask } = openQueue({ requestTimeout: 20 });
  const asked = ask(1);
  connection.isConnected = false;
  const closed = queue.waitForPendingRequests();
  await assert.rejects(asked, /timed out/);
  await closed;
  queue.destroy();
  assert.equal(timers(), before);
});
