// How many orders a second the service makes when it is asked for more than it can. No verdict, figures only:
//   TEST_POSTGRES=… TEST_KAFKA=… node --import tsx --test order-service/bench/order-rate.ts
import { cpus } from 'node:os';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { countMessages, nameTopics } from '../../common/test/servers/kafka-topics.ts';
import { runServiceProcess } from '../../common/test/servers/service-process.ts';
import { createShopDatabase, fillCustomers } from '../../common/test/servers/shop-database.ts';
import { waitFor } from '../../common/test/servers/wait-for.ts';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 20);
const customers = 100_000;

for (const asked of [5, 1_000, 20_000, 50_000]) {
  test(`${asked} orders a second asked for, ${customers} customers`, async (t) => {
    const database = await createShopDatabase(t);
    await fillCustomers(database.superuser, customers);
    const { kafka, env } = nameTopics(t, 'ORDERS_TOPIC', 'SERVICE_STATUS_TOPIC');
    const service = runServiceProcess(t, new URL('../src/main.ts', import.meta.url), {
      ...database.env,
      ...env,
      ORDERS_PER_SECOND: String(asked),
    });
    await service.said('ready');
    const count = () => countMessages(kafka, env['ORDERS_TOPIC'] ?? '');
    await waitFor(async () => (await count()) > 0);
    const [before, began] = [await count(), performance.now()];
    await delay(seconds * 1_000);
    const [after, ended] = [await count(), performance.now()];
    service.kill('SIGTERM');
    await service.ended;
    const rate = ((after - before) * 1_000) / (ended - began);
    t.diagnostic(`${rate.toFixed(1)} orders a second over ${seconds} s, ${cpus().length} × ${cpus()[0]?.model}`);
  });
}
