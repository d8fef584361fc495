import { createRequire } from 'node:module';
import { hasKafkaType } from './kafka-error.ts';
import { patchOnce } from './patch-once.ts';

/** A connection to a broker, as kafkajs 2.2.4 has it. */
interface Broker extends Record<TransactionRequest, (request: unknown) => Promise<unknown>> {
  isConnected(): boolean;
}

interface Cluster {
  findGroupCoordinator(wanted: { groupId: string; coordinatorType?: number }): Promise<Broker>;
}

/** The requests of a transaction that go to a coordinator. */
const transactionRequests = ['addPartitionsToTxn', 'addOffsetsToTxn', 'txnOffsetCommit', 'endTxn'] as const;
type TransactionRequest = (typeof transactionRequests)[number];

interface Known {
  broker: Broker;
  /** How many transaction requests had failed at the broker by then. */
  failures: number;
}

const group = 0;
const transaction = 1;
const require = createRequire(import.meta.url);

/**
 * Makes transactional producers remember their coordinators. kafkajs 2.2.4 asks for the coordinator before each request
 * of a transaction: five times a transaction, half of its requests. A failed request or a closed connection makes the
 * producer ask again.
 */
export const patchCoordinatorLookup = patchOnce(() => {
  const failures = new WeakMap<Broker, number>();
  const failuresOf = (broker: Broker) => failures.get(broker) ?? 0;

  const broker: Broker = require('kafkajs/src/broker').prototype;
  for (const name of transactionRequests) {
    const send = broker[name];
    broker[name] = async function (request) {
      try {
        return await send.call(this, request);
      } catch (error) {
        // This answer comes from the right coordinator, which is still ending the transaction before.
        if (!hasKafkaType(error, 'CONCURRENT_TRANSACTIONS')) failures.set(this, failuresOf(this) + 1);
        throw error;
      }
    };
  }

  const coordinators = new WeakMap<Cluster, Map<string, Known>>();
  const cluster: Cluster = require('kafkajs/src/cluster').prototype;
  const ask = cluster.findGroupCoordinator;
  cluster.findGroupCoordinator = async function (wanted) {
    const { groupId, coordinatorType = group } = wanted;
    // A cluster that has asked for a transaction's coordinator belongs to a producer; consumers keep their own.
    if (coordinatorType === transaction && !coordinators.has(this)) coordinators.set(this, new Map());
    const known = coordinators.get(this);
    if (!known) return ask.call(this, wanted);
    const name = `${coordinatorType} ${groupId}`;
    const last = known.get(name);
    if (last?.broker.isConnected() && last.failures === failuresOf(last.broker)) return last.broker;
    const found = await ask.call(this, wanted);
    known.set(name, { broker: found, failures: failuresOf(found) });
    return found;
  };
});
