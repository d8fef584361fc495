import { once } from 'node:events';
import type { Order, Product } from '@shop/common';

/** A customer as an order names them. No address: shipping asks ksqlDB for it. */
export type OrderingCustomer = Order['customer'];

/** The customers who may order, and what they may order. */
export interface Sample {
  /** A few of all customers, chosen at random. */
  customers: readonly OrderingCustomer[];
  /** The customers who registered since the previous sample, newest first. */
  newcomers: readonly OrderingCustomer[];
  products: readonly Product[];
}

export const emptySample: Sample = { customers: [], newcomers: [], products: [] };

export const canOrder = ({ customers, products }: Sample) => customers.length > 0 && products.length > 0;

/** The latest sample. */
export interface SampleView {
  readonly current: Sample;
  /** Resolves as soon as the sample has a customer and a product. @throws the signal's reason */
  filled(signal: AbortSignal): Promise<void>;
  show(sample: Sample): void;
}

export function createSampleView(): SampleView {
  const shown = new EventTarget();
  let current = emptySample;
  return {
    get current() {
      return current;
    },
    async filled(signal) {
      while (!canOrder(current)) {
        signal.throwIfAborted();
        await once(shown, 'shown', { signal });
      }
    },
    show(sample) {
      current = sample;
      shown.dispatchEvent(new Event('shown'));
    },
  };
}
