import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { patchOnce } from './patch-once.ts';
import { onSlowRequest, type RequestQueue } from './request-timers.ts';

// What kafkajs 2.2.4 has of brokers and their connections, as far as it is used here.

interface Connection {
  requestQueue: RequestQueue;
  socket?: Pick<Socket, 'destroy' | 'destroyed' | 'unref'>;
  /** What was received of an answer that is not complete. */
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  rejectRequests(error: Error): void;
}

interface Broker {
  nodeId: number | string | null;
  connectionPool: { host: string; port: number; pool: Connection[] };
  isConnected(): boolean;
  metadata(topics: string[]): Promise<Metadata>;
}

interface Metadata {
  brokers: { nodeId: number; host: string; port: number }[];
  topicMetadata: { topic: string }[];
}

interface BrokerPool {
  brokers: Record<string, Broker>;
  metadata: Metadata | null;
  refreshMetadata(topics: string[]): Promise<unknown>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
}

/** KafkaJSConnectionClosedError is not among the published names. */
type ClosedError = new (message: string, place: { host: string; port: number }) => Error;

const require = createRequire(import.meta.url);
/** Between two questions whether a broker is fenced, ms. */
const askEveryMs = 3_000;
/** Each answer begins with its length. */
const lengthBytes = 4;

/**
 * Makes clients drop a broker that hangs once Kafka has fenced it. kafkajs 2.2.4 waits 30 s for each answer, while other
 * brokers lead the partitions after 9 s: Kafka leaves a fenced broker out of its metadata. While a request is slow, another
 * broker is asked for the metadata; if the slow one is missing, its requests fail as if it had closed the connection.
 */
export const patchFencedBrokers = patchOnce(() => {
  const pool: BrokerPool = require('kafkajs/src/cluster/brokerPool').prototype;
  const { refreshMetadata } = pool;
  const watched = new WeakSet<Broker>();
  pool.refreshMetadata = async function (topics) {
    const result = await refreshMetadata.call(this, topics);
    for (const broker of Object.values(this.brokers)) {
      if (watched.has(broker)) continue;
      watched.add(broker);
      watch(broker, this);
    }
    return result;
  };
  const connection: Connection = require('kafkajs/src/network/connection').prototype;
  forgetPartialAnswers(connection);
  leaveDestroyedSockets(connection);
});

/** kafkajs calls `unref` each time it closes a connection, which on a destroyed socket adds a listener that is never called. */
function leaveDestroyedSockets(connection: Connection): void {
  const { disconnect } = connection;
  connection.disconnect = function () {
    const { socket } = this;
    if (socket?.destroyed) Object.assign(socket, { unref: () => socket });
    return disconnect.call(this);
  };
}

/** kafkajs appends the first answer of a new connection to the partial answer of the former one. */
function forgetPartialAnswers(connection: Connection): void {
  const { connect } = connection;
  connection.connect = function () {
    if (!this.isConnected()) Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: lengthBytes });
    return connect.call(this);
  };
}

function watch(broker: Broker, pool: BrokerPool): void {
  let isAsking = false;
  let nextAt = 0;
  const ask = async () => {
    if (isAsking || Date.now() < nextAt) return;
    isAsking = true;
    try {
      if (await isFenced(broker, pool)) drop(broker);
    } catch {
      // No other broker answers either. The next check, or the time-out of the request, decides.
    } finally {
      isAsking = false;
      nextAt = Date.now() + askEveryMs;
    }
  };
  for (const { requestQueue } of broker.connectionPool.pool) onSlowRequest(requestQueue, ask);
}

/** @returns whether another broker knows brokers, and this one is not among them */
async function isFenced({ connectionPool: { host, port } }: Broker, pool: BrokerPool): Promise<boolean> {
  const topics = pool.metadata?.topicMetadata.slice(0, 1).map(({ topic }) => topic) ?? [];
  const isOther = ({ connectionPool }: Broker) => connectionPool.host !== host || connectionPool.port !== port;
  const others = Object.entries(pool.brokers).filter(([, other]) => isOther(other));
  const answers = others.map(async ([nodeId]) => (await pool.findBroker({ nodeId })).metadata(topics));
  const { brokers } = await Promise.any(answers);
  return brokers.length > 0 && !brokers.some((each) => each.host === host && each.port === port);
}

function drop({ connectionPool: { host, port, pool } }: Broker): void {
  const Closed: ClosedError = require('kafkajs/src/errors').KafkaJSConnectionClosedError;
  for (const connection of pool) {
    connection.rejectRequests(new Closed('Kafka has fenced the broker, which does not answer', { host, port }));
    // A late answer would be mistaken for one of the next connection.
    connection.socket?.destroy();
    connection.disconnect().catch(() => {});
  }
}
