import { setTimeout as delay } from 'node:timers/promises';
import type { Order, Sender, ServiceContext } from '@shop/common';
import { canOrder, type SampleView } from '../sample/sample.ts';
import { type OrderMessage, toMessage } from './create-messages.ts';
import type { CreateOrders } from './create-orders.ts';
import type { Pace } from './pace.ts';
import type { PlacedOrders } from './place-orders.ts';

/** Maximum number of orders in one request. */
const batchLimit = 1_000;
/** Maximum size of the values in one request: even all in one partition they stay below the broker's limit of 1 MB. */
const batchBytes = 700_000;
/** Pause between two requests at high rates, in ms: fewer, larger requests cost less. */
const lingerMs = 15;
/** Longest pause, in ms: a command that changes the rate or places an order must not wait for the next order of a low rate. */
const longestPauseMs = 250;

interface Parts {
  topic: string;
  view: SampleView;
  pace: Pace;
  /** Orders that commands have placed. */
  placed: PlacedOrders;
  createOrders: CreateOrders;
  toMessages(orders: Order[]): OrderMessage[];
  sender: Sender;
}

/**
 * Creates orders at the given pace and sends them, one batch at a time, until the service ends. While Kafka is unavailable,
 * the batch in flight waits and no other batch is created, so that memory stays bounded. The orders of that time are skipped.
 */
export function produceOrders(
  parts: Parts,
  context: Pick<ServiceContext, 'signal' | 'report' | 'onClose' | 'fail'>,
): void {
  const { topic, view, pace, placed, createOrders, toMessages, sender } = parts;
  const { signal, report } = context;
  const countMade = report.counter('orders_made', 'Orders that Kafka acknowledged');
  const countUnknown = report.counter('orders_unknown', 'Orders sent that Kafka neither confirmed nor refused');
  const countSkipped = report.counter('orders_skipped', 'Orders not created, because the service was too far behind');
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
    await view.filled(signal);
    pace.restart(performance.now());
    while (!signal.aborted && canOrder(view.current)) {
      const began = performance.now();
      const { due, skipped } = pace.take(began, batchLimit);
      if (skipped > 0) countSkipped(skipped);
      if (due > 0) await sendMessages(toMessages(createOrders(due, view.current)));
      for (const each of placed.take()) each.settle(await sendMessages([toMessage(each.order)]));
      const now = performance.now();
      const pauseMs = Math.max(Math.min(pace.untilNext(now), longestPauseMs), began + lingerMs - now, 0);
      await delay(pauseMs, undefined, { signal });
    }
  }

  /** @returns whether Kafka acknowledged all of them */
  async function sendMessages(all: OrderMessage[]): Promise<boolean> {
    let allAcknowledged = true;
    for (const messages of splitBySize(all)) {
      if (signal.aborted) return false;
      const acknowledged = await sender.send(topic, messages);
      if (acknowledged) countMade(messages.length);
      else countUnknown(messages.length);
      allAcknowledged &&= acknowledged;
    }
    return allAcknowledged;
  }
}

/** Customers may have long names. A single order is always small enough: Postgres limits the length of each name. */
function splitBySize(messages: OrderMessage[]): OrderMessage[][] {
  const batches: OrderMessage[][] = [];
  let bytes = batchBytes;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value);
    bytes += size;
    if (bytes > batchBytes) {
      batches.push([]);
      bytes = size;
    }
    batches.at(-1)?.push(message);
  }
  return batches;
}

/** The error by which Node reports that a signal ended a wait. */
const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';
