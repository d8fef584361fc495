import { setInterval } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { produceTo } from './produce-to.ts';
import { createShopSimulation, type ShopMessage } from './simulate-shop.ts';

// A shop to look at without a fleet: node --import tsx test/support/run-simulation.ts --kafka HOST:PORT --orders 5
const { values } = parseArgs({ options: { kafka: { type: 'string' }, orders: { type: 'string', default: '5' } } });
if (!values.kafka) throw new Error('--kafka HOST:PORT is missing');
const perSecond = Number(values.orders);
const shop = createShopSimulation();
const kafka = await produceTo(values.kafka);
process.once('SIGTERM', () => kafka.close().then(() => process.exit(0)));

const tickMs = 100;
const waiting: { due: number; order: ShopMessage }[] = [];
for (let customer = 0; customer < 200; customer += 1) await kafka.send(shop.register());
await kafka.send(shop.refill());

let tick = 0;
let owed = 0;
for await (const _ of setInterval(tickMs)) {
  tick += 1;
  const messages: ShopMessage[] = [];
  for (owed += (perSecond * tickMs) / 1_000; owed >= 1; owed -= 1) {
    const deleted = Math.random() < 0.01;
    const orders = shop.order(deleted ? 999_999 : (shop.anyCustomer()?.id ?? 1));
    messages.push(...orders);
    for (const order of orders) waiting.push({ due: Date.now() + 20 + Math.random() ** 4 * 900, order });
  }
  for (const done of waiting.filter(({ due }) => due < Date.now())) {
    waiting.splice(waiting.indexOf(done), 1);
    messages.push(...shop.ship(done.order));
  }
  if (tick % 40 === 0) {
    for (let i = 0; i < 10; i += 1) messages.push(...shop.register());
    for (let i = 0; i < 5; i += 1) messages.push(...shop.move(shop.anyCustomer()?.id ?? 1));
    messages.push(...shop.remove(shop.anyCustomer()?.id ?? 1));
  }
  if (tick % 100 === 0) messages.push(...shop.refill());
  if (tick % 20 === 0) messages.push(...shop.inventory());
  if (tick % 30 === 0) messages.push(...shop.status(), ...shop.audit());
  if (tick % 170 === 0) messages.push(...shop.deadLetter());
  await kafka.send(messages);
}
