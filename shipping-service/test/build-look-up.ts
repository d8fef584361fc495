import { buildCustomer } from '@shop/test-support';
import type { CustomerAnswer, LookUpCustomers } from '../src/customers/look-up-customers.ts';

const lookedUp = {
  startedAt: '2026-11-22T10:00:00.900Z',
  answeredAt: '2026-11-22T10:00:01.000Z',
  instance: 'shipping-1',
};

/** The answer of a look-up for a customer. */
export const buildAnswer = (id: number, changes: Partial<CustomerAnswer> = {}): CustomerAnswer => ({
  ...buildCustomer(id),
  deleted: false,
  incomplete: false,
  changedAt: 0,
  lookedUp,
  ...changes,
});

/** Builds a look-up that answers from a list of customers and records the questions. */
export function buildLookUp(customers: CustomerAnswer[]): {
  lookUp: LookUpCustomers;
  asked: number[][];
  customers: CustomerAnswer[];
} {
  const asked: number[][] = [];
  return {
    asked,
    customers,
    lookUp: async (ids) => {
      asked.push([...ids]);
      return {
        customers: new Map(customers.map((each) => [each.id, each])),
        lookedUp: () => lookedUp,
      };
    },
  };
}
