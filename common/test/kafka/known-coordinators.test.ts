import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { patchCoordinatorLookup } from '../../src/kafka/known-coordinators.ts';

const require = createRequire(import.meta.url);
patchCoordinatorLookup();

interface Broker {
  endTxn(request: object): Promise<unknown>;
}

/** A cluster that counts the requests for coordinators, with a broker whose requests fail with an error of this type. */
function openCluster(failure = 'NOT_COORDINATOR_FOR_GROUP') {
  const connectionPool = { connected: true, isConnected: () => connectionPool.connected };
  const broker: Broker = Object.assign(Object.create(require('kafkajs/src/broker').prototype), {
    connectionPool,
    lookupRequest: () => {
      throw Object.assign(new Error(failure), { type: failure });
    },
  });
  let asked = 0;
  const cluster = Object.assign(Object.create(require('kafkajs/src/cluster').prototype), {
    retrier: (attempt: () => unknown) => attempt(),
    findGroupCoordinatorMetadata: async () => {
      asked += 1;
      return { coordinator: { nodeId: 1 } };
    },
    findBroker: async () => broker,
  });
  const find = (groupId: string, coordinatorType: number): Promise<Broker> =>
    cluster.findGroupCoordinator({ groupId, coordinatorType });
  return { broker, connectionPool, find, asked: () => asked };
}

const [group, transaction] = [0, 1];

test('a transactional producer asks once for each coordinator', async () => {
  const { broker, find, asked } = openCluster();
  for (let turn = 0; turn < 3; turn += 1) {
    assert.equal(await find('producer', transaction), broker);
    assert.equal(await find('readers', group), broker);
  }
  assert.equal(asked(), 2);
});

test('it asks again after a request that failed, and after its connection closed', async () => {
  const { broker, connectionPool, find, asked } = openCluster();
  await find('producer', transaction);
  await assert.rejects(broker.endTxn({}), /NOT_COORDINATOR_FOR_GROUP/);
  await find('producer', transaction);
  await find('producer', transaction);
  assert.equal(asked(), 2);
  connectionPool.connected = false;
  await find('producer', transaction);
  assert.equal(asked(), 3);
});

test('it keeps a coordinator that is still ending the transaction before', async () => {
  const { broker, find, asked } = openCluster('CONCURRENT_TRANSACTIONS');
  await find('producer', transaction);
  await assert.rejects(broker.endTxn({}), /CONCURRENT_TRANSACTIONS/);
  await find('producer', transaction);
  assert.equal(asked(), 1);
});

test('a consumer asks each time', async () => {
  const { find, asked } = openCluster();
  await find('readers', group);
  await find('readers', group);
  assert.equal(asked(), 2);
});
