import type { Order } from '@shop/common';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { CustomerAnswer, LookUpCustomers } from '../src/customers/look-up-customers.ts';

export function buildOrder(orderId: string, customerId: number): Order {
  return {
    order_id: orderId,
    customer: { id: customerId, first_name: 'Ada', last_name: 'Meier' },
    order: { id: 1, product: 'toy', quantity: 2 },
    ordered_at: '2026-11-22T10:00:00.000Z',
  };
}

/** A message as it comes from Kafka; an object as value is written as JSON. */
export function buildMessage(
  offset: number,
  value: object | string | null,
  { timestamp = 1_000, headers = {} }: { timestamp?: number; headers?: IHeaders } = {},
): KafkaMessage {
  return {
    key: Buffer.from('7'),
    value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    timestamp: String(timestamp),
    attributes: 0,
    offset: String(offset),
    headers,
  };
}

const lookedUp = {
  startedAt: new Date('2026-11-22T10:00:00.900Z'),
  answeredAt: new Date('2026-11-22T10:00:01.000Z'),
  instance: 'shipping-1',
};

export function buildCustomer(id: number, changes: Partial<CustomerAnswer> = {}): CustomerAnswer {
  return {
    id,
    deleted: false,
    incomplete: false,
    changedAt: 0,
    first_name: 'Ada',
    last_name: 'Meier',
    zipcode: '10115',
    country: 'DE',
    address: `Weg ${id}, Berlin`,
    lookedUp,
    ...changes,
  };
}

/** Answers from a list of customers, and notes what it was asked. */
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
