import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { testKafka } from '@shop/test-support';
import { createKafka } from '../../src/index.ts';
import { toKafkajsBroker } from '../../src/kafka/broker-address.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

test('other addresses than IPv6 stay as they are', () => {
  for (const broker of ['kafka:9092', '127.0.0.1:9092']) assert.equal(toKafkajsBroker(broker), broker);
});

test('a broker at an IPv6 address is reached', { skip: hasIpv6 ? false : 'no ::1 on this machine' }, async (t) => {
  const [host = '', port = ''] = testKafka().split(':');
  const forward = createServer((socket) => {
    const broker = connect(Number(port), host);
    socket.pipe(broker).pipe(socket);
    for (const side of [socket, broker]) side.on('error', () => [socket, broker].map((each) => each.destroy()));
  });
  await once(forward.listen(0, '::1'), 'listening');
  t.after(() => forward.close());
  const address = forward.address();
  assert.ok(typeof address === 'object' && address);
  const brokers = [`[::1]:${address.port}`];
  const admin = createKafka({ brokers, source: { brokers: 'test', login: 'test' } }).admin({ retry: { retries: 0 } });
  await admin.connect();
  t.after(() => admin.disconnect());
  assert.equal((await admin.describeCluster()).brokers.length, 1);
});
