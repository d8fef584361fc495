import type { Check } from '@shop/audit';
import type { FaultShop } from './shop/fault-shop.ts';

/** The audit's results while a fault lasts. */
interface Witness {
  /**
   * Holds all sources until the audit names a customer and an order for one of these promises.
   *
   * @throws when the audit makes no progress for a long time
   */
  untilNamed(checks: readonly Check[]): Promise<void>;
}

/** A fault that is injected once. */
export interface Fault {
  /** The name for --only, in kebab case. */
  name: string;
  /** The line in the table. */
  what: string;
  /**
   * `detected`: the violation cannot be repaired, but the audit must show it. `named`: the audit names the loss while
   * it lasts; after the repair only orders that had a wrong outcome meanwhile are violations.
   */
  expect: 'no violation' | 'detected' | 'named';
  /** The promises that may stay broken; a violation of another one is still a failure. */
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
  /** The number of brokers that it needs; absent for any. */
  brokers?: number;
  /** Whether `npm test` runs it. */
  quick?: boolean;
}
