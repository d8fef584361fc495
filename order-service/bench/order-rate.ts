import { cpus } from 'node:os';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  countMessages,
  createShopDatabase,
  fillCustomers,
  nameTopics,
  runServiceProcess,
  until,
} from '@shop/test-support';
import { Command } from 'commander';

const command = new Command('npm run bench:orders --')
  .description(
    'Measures how many orders per second the order-service makes, on its own servers or TEST_KAFKA and TEST_POSTGRES.',
  )
  .option('--seconds <n>', 'how long each rate is measured', Number, 20)
  .option('--rates <list>', 'orders per second to ask for, separated by commas', '5,1000,20000,50000')
  .addHelpText('after', '\nExample:\n  npm run bench:orders -- --seconds 5 --rates 1000')
  .parse();
const { seconds, rates } = command.opts<{ seconds: number; rates: string }>();
const customers = 100_000;

for (const asked of rates.split(',').map(Number)) {
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
    await until('the first order', async () => (await count()) > 0);
    const [before, began] = [await count(), performance.now()];
    await delay(seconds * 1_000);
    const [after, ended] = [await count(), performance.now()];
    service.kill('SIGTERM');
    await service.ended;
    const rate = ((after - before) * 1_000) / (ended - began);
    t.diagnostic(`${rate.toFixed(1)} orders a second over ${seconds} s, ${cpus().length} × ${cpus()[0]?.model}`);
  });
}
