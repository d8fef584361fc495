import type { ListedEvent } from '../../../src/messages/events.ts';
import { describeCommand } from './describe-command.ts';
import { duration, shortId } from './format.ts';
import { type Fields, fields } from './read-fields.ts';

/** The text of an event in one line, and the customer or order whose history it belongs to. */
export interface Description {
  text: string;
  /** The kind of the event, which selects its colour. */
  kind: Kind;
  customer?: number;
  order?: string;
}

export type Kind = 'customers' | 'orders' | 'shipments' | 'stock' | 'trouble' | 'services';

const known: Record<string, (event: ListedEvent, value: Fields) => Description> = {
  'dummy.public.customers': ({ key }, value) => describeChange(Number(key), value),
  CUSTOMERS: ({ key }, value) => {
    const gone = value['OP'] === 'd';
    const name = `${value['FIRST_NAME']} ${value['LAST_NAME']}`;
    const text = gone ? `ksqlDB marked customer ${key} as deleted` : `ksqlDB has ${name} at ${value['ADDRESS']}`;
    return { text, kind: 'customers', customer: Number(key) };
  },
  customer_orders: (_event, value) => {
    const { id, first_name, last_name } = fields(value['customer']);
    const { product, quantity } = fields(value['order']);
    const order = String(value['order_id']);
    const text = `${first_name} ${last_name} (${id}) orders ${quantity} × ${product}`;
    return { text, kind: 'orders', customer: Number(id), order };
  },
  shipments: (_event, value) => describeShipment(value),
  orders_waiting: ({ key }) => ({ text: `Order ${shortId(String(key))} waits for its customer`, kind: 'orders' }),
  inventory_refills: (_event, value) => ({ text: `${value['refill']} × ${value['product']} came in`, kind: 'stock' }),
  FINAL_INVENTORY: ({ key }, value) => ({ text: `${value['MOVING_INVENTORY']} × ${key} left`, kind: 'stock' }),
  LATEST_INVENTORY: ({ key }, value) => ({ text: `${value['TOTAL_REFILLS']} × ${key} refilled so far`, kind: 'stock' }),
  TOTAL_ORDERS: ({ key }, value) => ({ text: `${value['QUANTITY']} × ${key} ordered so far`, kind: 'stock' }),
  dead_letters: ({ headers }) => ({
    text: `Set aside: ${headers?.['dead_letter.error_message'] ?? headers?.['dead_letter.error_code'] ?? 'unreadable'}`,
    kind: 'trouble',
  }),
  service_status: (_event, value) => ({ text: `${value['service']} is ${value['state']}`, kind: 'services' }),
  shop_commands: (_event, value) => {
    const { target, command, command_id: _, issued_at: __, ...rest } = value;
    return { text: `Command to ${target}: ${describeCommand(String(command), rest)}`, kind: 'services' };
  },
  shop_command_results: (_event, value) => ({
    text: `${value['target']}: ${value['command']} ${value['status']}${value['reason'] ? `, ${value['reason']}` : ''}`,
    kind: value['status'] === 'done' ? 'services' : 'trouble',
  }),
  audit_results: ({ key }, value) => ({
    text: `Audit, ${key}: ${value['text'] ?? ''}`,
    kind: 'services',
  }),
};

export function describeEvent(event: ListedEvent): Description {
  const describe = known[event.topic];
  const value = fields(event.value);
  // A message that does not match the contract of its topic is shown unchanged.
  if (describe && (Object.keys(value).length > 0 || event.topic === 'dead_letters')) return describe(event, value);
  const text = typeof event.value === 'string' ? event.value : JSON.stringify(event.value);
  return { text: text.slice(0, 120), kind: kindOf(event.topic) };
}

/** The colour of a topic. */
export function kindOf(topic: string): Kind {
  if (/customers$/i.test(topic)) return 'customers';
  if (/inventory|TOTAL_ORDERS/i.test(topic)) return 'stock';
  if (/orders/i.test(topic)) return 'orders';
  if (topic === 'shipments') return 'shipments';
  return topic === 'dead_letters' ? 'trouble' : 'services';
}

function describeChange(customer: number, value: Fields): Description {
  const after = fields(value['after']);
  const name = `${after['first_name']} ${after['last_name']}`;
  const where = `${after['address']}, ${after['country']}`;
  const texts: Record<string, string> = {
    c: `${name} registered: ${where}`,
    r: `${name} was there: ${where}`,
    u: `${name} moved to ${where}`,
    d: `Customer ${customer} left`,
  };
  return { text: texts[String(value['op'])] ?? `Customer ${customer} changed`, kind: 'customers', customer };
}

function describeShipment(value: Fields): Description {
  const order = String(value['order_id']);
  const customer = Number(value['customer_id']);
  const what = `${value['quantity']} × ${value['product']}`;
  if (value['status'] !== 'delivered') {
    const why = reasonText(String(value['reason']));
    return { text: `${what} cannot be delivered: ${why}`, kind: 'trouble', customer, order };
  }
  const took = duration(Date.parse(String(value['shipped_at'])) - Date.parse(String(value['ordered_at'])));
  const to = `${value['first_name']} ${value['last_name']}, ${value['address']}, ${value['country']}`;
  return { text: `${what} shipped to ${to} after ${took}`, kind: 'shipments', customer, order };
}

const reasons: Record<string, string> = {
  customer_deleted: 'the customer has left',
  customer_unknown: 'there is no such customer',
};

export const reasonText = (reason: string) => reasons[reason] ?? reason.replaceAll('_', ' ');
