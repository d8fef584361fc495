import { setTimeout as delay } from 'node:timers/promises';
import type { Order, Sender, ServiceContext } from '@shop/common';
import type { Message } from 'kafkajs';
import { isOpen, type MarketView } from '../market/market.ts';
import type { CreateOrders } from './create-orders.ts';
import type { Pace } from './pace.ts';

/** Orders in one request: even with long product names and all in one partition, below the broker's 1 MB. */
const batchLimit = 1_000;
/** Between two requests at high rates, in ms: fewer and fuller ones cost less. */
const lingerMs = 15;

interface Parts {
  topic: string;
  view: MarketView;
  pace: Pace;
  createOrders: CreateOrders;
  sender: Sender;
}

/**
 * Makes orders at the pace given and sends them, one batch at a time, until the service ends. While Kafka is away the
 * batch in flight waits and no other is made, so that memory stays what it is; orders not made are not made up for.
 */
export function produceOrders(
  parts: Parts,
  context: Pick<ServiceContext, 'signal' | 'report' | 'onClose' | 'fail'>,
): void {
  const { topic, view, pace, createOrders, sender } = parts;
  const { signal, report } = context;
  const countMade = report.counter('orders_made', 'Orders that Kafka acknowledged');
  const countUnknown = report.counter('orders_unknown', 'Orders sent of which Kafka did not say whether it has them');
  const countSkipped = report.counter('orders_skipped', 'Orders not made, because the service was too far behind');
  const ended = keepProducing();
  context.onClose(() => ended);

  async function keepProducing(): Promise<void> {
    try {
      while (!signal.aborted) await produceWhileOpen();
    } catch (error) {
      if (error === signal.reason || isAbort(error)) return;
      if (signal.aborted) throw error;
      context.fail(error);
    }
  }

  async function produceWhileOpen(): Promise<void> {
    await view.opened(signal);
    pace.restart(performance.now());
    while (!signal.aborted && isOpen(view.current)) {
      const began = performance.now();
      const { due, skipped } = pace.take(began, batchLimit);
      if (skipped > 0) countSkipped(skipped);
      if (due > 0) await sendOrders(createOrders(due, view.current));
      const now = performance.now();
      await delay(Math.max(pace.untilNext(now), began + lingerMs - now, 0), undefined, { signal });
    }
  }

  async function sendOrders(orders: Order[]): Promise<void> {
    const acknowledged = await sender.send(topic, orders.map(toMessage));
    if (acknowledged) countMade(orders.length);
    else countUnknown(orders.length);
  }
}

function toMessage(order: Order): Message {
  return { key: String(order.order.id), value: JSON.stringify(order) };
}

/** Node's own way to say that a signal ended a wait. */
const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';
