import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import { type Customer, inventCustomer, moveCustomer } from './invent-customer.ts';

/** A message and the topic it belongs to. */
export interface ShopMessage extends Message {
  topic: string;
}

const products = ['toy', 'phone', 'table', 'chair'];

/** Services as they report themselves in the fleet. */
const services = ['connector', 'ksql', 'order-service', 'refill-inventory', 'shipping-service', 'updater', 'audit'];

/**
 * The shop's messages without the shop: every call returns what the services would have published. Good for showing and
 * testing the page; what the services really do is tested with the fleet.
 */
export function createShopSimulation() {
  const customers = new Map<number, Customer>();
  const stock = new Map(products.map((product) => [product, { refilled: 0, ordered: 0 }]));
  const began = new Date();
  let lastId = 0;
  let changes = 0;

  const change = (op: string, after: Customer | null, before: { id: number } | null = null): ShopMessage[] => {
    const id = after?.id ?? before?.id ?? 0;
    const ts_ms = Date.now();
    const committed = ts_ms - 20;
    const source = { connector: 'postgresql', name: 'dummy', table: 'customers', lsn: ++changes, ts_ms: committed };
    const { first_name, last_name, zipcode, country, address } = after ?? {};
    return [
      { topic: 'dummy.public.customers', key: String(id), value: JSON.stringify({ before, after, source, op, ts_ms }) },
      {
        topic: 'CUSTOMERS',
        key: String(id),
        value: JSON.stringify({
          OP: op,
          CHANGED_AT: ts_ms,
          FIRST_NAME: first_name ?? null,
          LAST_NAME: last_name ?? null,
          ZIPCODE: zipcode ?? null,
          COUNTRY: country ?? null,
          ADDRESS: address ?? null,
        }),
      },
    ];
  };

  const simulation = {
    customers,
    anyCustomer: () => [...customers.values()][Math.floor(Math.random() * customers.size)],
    register(own: Partial<Customer> = {}): ShopMessage[] {
      const customer = { ...inventCustomer(++lastId), ...own };
      customers.set(customer.id, customer);
      return change('c', customer);
    },
    move(id: number): ShopMessage[] {
      const customer = customers.get(id);
      if (!customer) return [];
      const moved = moveCustomer(customer);
      customers.set(id, moved);
      return change('u', moved);
    },
    remove(id: number): ShopMessage[] {
      customers.delete(id);
      return change('d', null, { id });
    },
    order(customerId: number, orderId: string = randomUUID()): ShopMessage[] {
      const product = products[Math.floor(Math.random() * products.length)] ?? 'toy';
      const quantity = 1 + Math.floor(Math.random() * 5);
      const level = stock.get(product);
      if (level) level.ordered += quantity;
      const { first_name = 'Ada', last_name = 'Meier' } = customers.get(customerId) ?? {};
      const customer = { id: customerId, first_name, last_name };
      const ordered = { id: 1 + products.indexOf(product), product, quantity };
      const value = { order_id: orderId, customer, order: ordered, ordered_at: now() };
      return [{ topic: 'customer_orders', key: String(customerId), value: JSON.stringify(value) }];
    },
    /** The outcome of an order made by `order`. */
    ship({ value }: Pick<ShopMessage, 'value'>, reason = 'customer_deleted'): ShopMessage[] {
      const { customer: orderedBy, order, order_id, ordered_at } = JSON.parse(String(value));
      const customer = customers.get(orderedBy.id);
      const outcome = {
        order_id,
        customer_id: orderedBy.id,
        product: order.product,
        quantity: order.quantity,
        ordered_at,
        lookup_started_at: now(),
        looked_up_at: now(),
        looked_up_by: 'simulated',
        shipped_at: now(),
        order_partition: 0,
        order_offset: 0,
      };
      const { id: _id, ...address } = customer ?? { id: 0 };
      const shipment = customer
        ? { status: 'delivered', ...outcome, ...address }
        : { status: 'undeliverable', reason, ...outcome };
      return [{ topic: 'shipments', key: order_id, value: JSON.stringify(shipment) }];
    },
    refill(): ShopMessage[] {
      return products.map((product, index) => {
        const refill = 20 + Math.floor(Math.random() * 41);
        const level = stock.get(product);
        if (level) level.refilled += refill;
        const value = { id: index + 1, product, refill, refill_id: randomUUID(), refilled_at: now() };
        return { topic: 'inventory_refills', key: product, value: JSON.stringify(value) };
      });
    },
    inventory(): ShopMessage[] {
      return [...stock].map(([product, { refilled, ordered }]) => ({
        topic: 'FINAL_INVENTORY',
        key: product,
        value: JSON.stringify({
          PRODUCT_NAME: product,
          TOTAL_REFILLS: refilled,
          QUANTITY: ordered,
          MOVING_INVENTORY: refilled - ordered,
        }),
      }));
    },
    deadLetter(): ShopMessage[] {
      const headers = { 'dead_letter.topic': 'customer_orders', 'dead_letter.error_code': 'invalid_json' };
      return [{ topic: 'dead_letters', key: '7', value: '{"order":{"id":7,', headers }];
    },
    status(): ShopMessage[] {
      return services.map((service) => ({
        topic: 'service_status',
        key: `${service}/simulated`,
        value: JSON.stringify({
          service,
          instance: 'simulated',
          state: service === 'audit' ? 'waiting' : 'ready',
          since: began.toISOString(),
          waiting_for: service === 'audit' ? ['ksqlDB'] : [],
          counters: { messages: changes },
          last_error: null,
          at: now(),
        }),
      }));
    },
    audit(): ShopMessage[] {
      return ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8'].map((check) => ({
        topic: 'audit_results',
        key: check,
        value: JSON.stringify({
          check,
          promise: 'simulated',
          state: check === 'P7' ? 'unchecked' : 'ok',
          text: '9 checked',
          ...(check === 'P3' && { service_level: { met: false, text: '3 of 9 addresses were old' } }),
        }),
      }));
    },
  };
  return simulation;
}

export type ShopSimulation = ReturnType<typeof createShopSimulation>;

const now = () => new Date().toISOString();
