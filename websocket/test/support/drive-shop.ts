import { setTimeout as delay } from 'node:timers/promises';
import type { ShopMessage, ShopSimulation } from './simulate-shop.ts';

export interface ShopPace {
  ordersPerSecond: number;
}

type Send = (messages: ShopMessage[]) => Promise<void>;

const tickMs = 100;

/** Runs a simulated shop until it is stopped: orders, shipments, changes, stock and reports, at a pace. */
export function driveShop(shop: ShopSimulation, send: Send, { ordersPerSecond }: ShopPace) {
  const stopping = new AbortController();
  const onTheWay: { due: number; order: ShopMessage }[] = [];
  let owed = 0;

  const anybody = () => shop.anyCustomer()?.id ?? 1;

  function oneTick(tick: number): ShopMessage[] {
    const messages: ShopMessage[] = [];
    for (owed += (ordersPerSecond * tickMs) / 1_000; owed >= 1; owed -= 1) {
      const orders = shop.order(Math.random() < 0.01 ? 999_999 : anybody());
      messages.push(...orders);
      for (const order of orders) onTheWay.push({ due: Date.now() + 20 + Math.random() ** 4 * 900, order });
    }
    for (const arrived of onTheWay.filter(({ due }) => due < Date.now())) {
      onTheWay.splice(onTheWay.indexOf(arrived), 1);
      messages.push(...shop.ship(arrived.order));
    }
    if (tick % 40 === 1) {
      for (let n = 0; n < 10; n += 1) messages.push(...shop.register());
      for (let n = 0; n < 5; n += 1) messages.push(...shop.move(anybody()));
      messages.push(...shop.remove(anybody()));
    }
    if (tick % 100 === 1) messages.push(...shop.refill());
    if (tick % 20 === 1) messages.push(...shop.inventory());
    if (tick % 30 === 1) messages.push(...shop.status(), ...shop.audit());
    if (tick % 170 === 1) messages.push(...shop.deadLetter());
    return messages;
  }

  async function drive(): Promise<void> {
    for (let n = 0; n < 100; n += 1) await send(shop.register());
    for (let tick = 1; !stopping.signal.aborted; tick += 1) {
      const [began, messages] = [Date.now(), oneTick(tick)];
      if (messages.length > 0) await send(messages);
      await delay(Math.max(0, tickMs - (Date.now() - began)));
    }
  }

  const driven = drive();
  return {
    async stop(): Promise<void> {
      stopping.abort();
      await driven;
    },
  };
}
