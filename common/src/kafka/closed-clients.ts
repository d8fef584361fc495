import { createRequire } from 'node:module';
import { patchOnce } from './patch-once.ts';

// What kafkajs 2.2.4 has of a client's connections, as far as it is used here.

interface Broker {
  disconnect(): Promise<unknown>;
}

interface BrokerPool {
  connect(): Promise<void>;
  connectBroker(broker: Broker): Promise<void>;
  disconnect(): Promise<void>;
}

interface Cluster {
  brokerPool: BrokerPool;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

const require = createRequire(import.meta.url);

/**
 * Keeps a client closed. kafkajs 2.2.4 opens a connection for any request after `disconnect`, also for one that was in
 * progress. Nothing closes that connection, so the process does not end. Here the request fails instead, until
 * `connect` is called again.
 */
export const patchClosedClients = patchOnce(() => {
  const closed = new WeakSet<BrokerPool>();
  const { KafkaJSNonRetriableError } = require('kafkajs/src/errors');
  const refuse = (pool: BrokerPool) => {
    if (closed.has(pool)) throw new KafkaJSNonRetriableError('The client is closed');
  };

  const cluster: Cluster = require('kafkajs/src/cluster').prototype;
  const { connect: open, disconnect: close } = cluster;
  cluster.connect = function () {
    closed.delete(this.brokerPool);
    return open.call(this);
  };
  cluster.disconnect = function () {
    closed.add(this.brokerPool);
    return close.call(this);
  };

  const pool: BrokerPool = require('kafkajs/src/cluster/brokerPool').prototype;
  const { connect, connectBroker } = pool;
  pool.connect = async function () {
    refuse(this);
    await connect.call(this);
    if (closed.has(this)) await this.disconnect();
    refuse(this);
  };
  pool.connectBroker = async function (broker) {
    refuse(this);
    await connectBroker.call(this, broker);
    if (closed.has(this)) await broker.disconnect();
    refuse(this);
  };
});
