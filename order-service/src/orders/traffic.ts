import { CommandRefused, createRandom, type Product, type Random, sampleCustomerIds } from '@shop/common';
import type { Pool } from 'pg';
import { readCustomers } from '../sample/read-sample.ts';
import type { OrderingCustomer } from '../sample/sample.ts';

/** What is unusual about the orders. A share is from 0 to 1. */
export interface Traffic {
  oneProductShare: number;
  oneCustomerShare: number;
  lateShare: number;
  sentTwiceShare: number;
  unreadableShare: number;
  /** The customer of `oneCustomerShare`. */
  customer?: OrderingCustomer | undefined;
  /** Chooses the product of `oneProductShare`, also when products come and go. */
  pickProduct(products: readonly Product[]): Product | undefined;
}

/** Nothing is unusual. */
export const usualTraffic: Readonly<Traffic> = {
  oneProductShare: 0,
  oneCustomerShare: 0,
  lateShare: 0,
  sentTwiceShare: 0,
  unreadableShare: 0,
  customer: undefined,
  pickProduct: () => undefined,
};

/** Decides by chance. A share of 0 takes no number from the generator. */
export const happens = (share: number, random: Random): boolean =>
  share > 0 && random.integer(1, 1_000_000) <= share * 1_000_000;

/**
 * Chooses the product and the customer that the shares are about.
 *
 * @param seed the same seed on the same tables chooses the same
 * @throws CommandRefused when there is no customer
 */
export async function chooseTraffic(
  postgres: Pick<Pool, 'query'>,
  shares: Omit<Traffic, 'customer' | 'pickProduct'>,
  seed: number | undefined,
): Promise<Traffic> {
  const random = createRandom(seed);
  const place = random.integer(0, 2 ** 32 - 1);
  const traffic = {
    ...shares,
    pickProduct: (products: readonly Product[]) => products[place % products.length],
  };
  if (shares.oneCustomerShare === 0) return { ...traffic, customer: undefined };
  const [customer] = await readCustomers(postgres, await sampleCustomerIds(postgres, 1, random));
  if (!customer) throw new CommandRefused('there is no customer yet');
  return { ...traffic, customer };
}
