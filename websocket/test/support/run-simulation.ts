import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { driveShop } from './drive-shop.ts';
import { produceTo } from './produce-to.ts';
import { createShopSimulation } from './simulate-shop.ts';

// A shop to look at without a fleet: node --import tsx test/support/run-simulation.ts --kafka HOST:PORT --orders 5
const { values } = parseArgs({ options: { kafka: { type: 'string' }, orders: { type: 'string', default: '5' } } });
if (!values.kafka) throw new Error('--kafka HOST:PORT is missing');
const kafka = await produceTo(values.kafka);
const shop = driveShop(createShopSimulation(), kafka.send, { ordersPerSecond: Number(values.orders) });
await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await shop.stop();
await kafka.close();
