import type { Check } from '@shop/audit';
import type { FaultShop } from './shop/fault-shop.ts';

/** The audit's results while a fault lasts. */
interface Witness {
  /**
   * Holds all sources until the audit names a customer and an order in one of these promises.
   *
   * @throws when nothing has moved for long, and it does not
   */
  untilNamed(checks: readonly Check[]): Promise<void>;
}

/** Something that goes wrong, once. */
export interface Fault {
  /** For --only: words with hyphens. */
  name: string;
  /** One line for the table. */
  what: string;
  /**
   * `detected`: what is broken cannot be repaired, but the audit must show it. `named`: the audit names the loss while it
   * lasts, and after the repair nothing is broken but orders that had a wrong outcome meanwhile.
   */
  expect: 'no violation' | 'detected' | 'named';
  /** The promises that may stay broken; any other one that is broken is a failure all the same. */
  breaks?: readonly Check[];
  /**
   * Injects it, holds it and clears it; resolves when it is cleared.
   *
   * @param witness for a fault that the audit must show while it lasts
   * @throws when it could not be injected, or when what it had to leave behind is not there
   */
  run(shop: FaultShop, witness: Witness): Promise<void>;
  /** Its traces stay: it is injected after all others, in a shop that may stay broken. */
  apart?: boolean;
  /** The number of brokers that it needs; any when absent. */
  brokers?: number;
  /** One of those that `npm test` runs. */
  quick?: boolean;
}
