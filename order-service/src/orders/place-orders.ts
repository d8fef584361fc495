import type { Order } from '@shop/common';

/** An order that waits for the next batch. */
interface PlacedOrder {
  order: Order;
  /** @param acknowledged whether Kafka has it */
  settle(acknowledged: boolean): void;
}

/** Orders that commands place. The loop that sends orders takes them after each batch. */
export interface PlacedOrders {
  /** @returns whether Kafka acknowledged the order; false also when the signal ends the wait */
  place(order: Order, signal: AbortSignal): Promise<boolean>;
  /** Takes the orders placed since the last call. */
  take(): PlacedOrder[];
}

export function createPlacedOrders(): PlacedOrders {
  let waiting: PlacedOrder[] = [];
  return {
    place: (order, signal) =>
      new Promise((resolve) => {
        const give = () => {
          waiting = waiting.filter((each) => each.order !== order);
          resolve(false);
        };
        if (signal.aborted) give();
        signal.addEventListener('abort', give, { once: true });
        waiting.push({
          order,
          settle(acknowledged) {
            signal.removeEventListener('abort', give);
            resolve(acknowledged);
          },
        });
      }),
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
