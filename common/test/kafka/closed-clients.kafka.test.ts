import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameTopics, until } from '@shop/test-support';

/** Connections of this process, whichever client they belong to. */
const countSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

test('a closed client opens no connection for a later request', async (t) => {
  const { kafka } = nameTopics(t, 'ORDERS_TOPIC');
  const before = countSockets();
  const admin = kafka.admin();
  await admin.connect();
  await admin.listTopics();
  await admin.disconnect();
  // Either the client is closed, or the request still meets the connection that ends.
  await assert.rejects(admin.listTopics());
  await assert.rejects(admin.listTopics());
  await until('every socket closed', () => countSockets() === before);
});
