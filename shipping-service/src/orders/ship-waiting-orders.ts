import { setTimeout as delay } from 'node:timers/promises';
import type { OutgoingMessage, Shipment } from '@shop/common';
import type { ConnectorRepairs } from '../customers/connector-repairs.ts';
import type { LookUp, LookUpCustomers } from '../customers/look-up-customers.ts';
import type { PipelineClock, ReachedFor } from '../customers/pipeline-clock.ts';
import { type BatchResult, type CreatePartitionHandler, retryBatch } from '../kafka/batch.ts';
import type { OutcomeCounters } from './count-outcomes.ts';
import { shipTo, toShipmentMessage, undeliverable } from './outcome.ts';
import { sortMessages } from './sort-messages.ts';
import { readWaitingOrder, toWaitingMessage, type WaitingOrder } from './waiting-order.ts';

export interface ShipWaitingPlan {
  service: string;
  topics: { shipments: string; waiting: string; deadLetters: string };
  lookUp: LookUpCustomers;
  clock: PipelineClock;
  repairs: Pick<ConnectorRepairs, 'endedAt'>;
  /** How long an order waits for its customer, on the pipeline's clock. */
  customerWaitMs: number;
  /** Pause between two look-ups of the same orders. */
  pauseMs: number;
  counters: OutcomeCounters;
}

/**
 * Handles `orders_waiting`: an order whose customer's whole row has arrived in ksqlDB is shipped, and one that timed out is
 * undeliverable. The others go to the end of the partition again, so that they do not block the orders behind them.
 */
export function createShipWaitingOrders(plan: ShipWaitingPlan): CreatePartitionHandler {
  const { service, topics, lookUp, clock, repairs, customerWaitMs, pauseMs, counters } = plan;

  /** Returns the outcome of the order, or `undefined` while it has to wait. */
  function decide(each: WaitingOrder, { customers, lookedUp }: LookUp, reachedFor: ReachedFor): Shipment | undefined {
    const id = each.order.customer.id;
    const customer = customers.get(id);
    // The customer exists, so wait without limit: the registrar's repair brings the whole address.
    if (customer?.incomplete) return undefined;
    if (customer) return shipTo(each, customer);
    const timeIsUp = reachedFor(id) >= Math.max(each.firstSeen, repairs.endedAt()) + customerWaitMs;
    return timeIsUp ? undeliverable(each, 'customer_unknown', lookedUp(id)) : undefined;
  }

  return (partition) => {
    const origin = { topic: topics.waiting, partition, service };

    return {
      async handle({ messages, moreBehind, signal }): Promise<BatchResult | typeof retryBatch> {
        const { orders, deadLetters } = sortMessages(messages, origin, readWaitingOrder);
        const ids = orders.map(({ order }) => order.customer.id);
        const reachedFor = clock.read();
        const found = await lookUp([...ids, ...clock.probes()], signal);
        clock.observe(found.customers);
        const shipments: Shipment[] = [];
        const stillWaiting: OutgoingMessage[] = [];
        for (const each of orders) {
          const shipment = decide(each, found, reachedFor);
          if (shipment) shipments.push(shipment);
          else stillWaiting.push(toWaitingMessage(each, each.firstSeen));
        }
        if (stillWaiting.length === messages.length) {
          await delay(pauseMs, undefined, { signal });
          // No order waits behind this batch, so keep it and retry instead of writing it to the topic again.
          if (!moreBehind) return retryBatch;
        }
        return {
          writes: [
            { topic: topics.shipments, messages: shipments.map(toShipmentMessage) },
            { topic: topics.waiting, messages: stillWaiting },
            { topic: topics.deadLetters, messages: deadLetters },
          ],
          committed: () => counters.count({ shipments, deadLetters }),
        };
      },
    };
  };
}
