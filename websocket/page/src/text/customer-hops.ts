import type { ListedEvent } from '../../../src/messages/events.ts';
import { type Fields, fields } from './read-fields.ts';

/** Where an address arrives on its way from the database to a parcel. */
interface Hop {
  name: string;
  /** The last one that was seen there. */
  address: string | null;
  at: number | null;
  /** Whether it is the address that the customer moved to last. */
  isNewest: boolean;
}

export interface CustomerState {
  hops: Hop[];
  hasMoved: boolean;
  wasDeleted: boolean;
  /** Orders without an outcome. */
  onTheWay: number;
}

const places: { name: string; topic: string; addressIn(value: Fields): unknown }[] = [
  {
    name: 'written to Postgres',
    topic: 'shop_command_results',
    addressIn: (value) => (value['status'] === 'done' ? value['address'] : undefined),
  },
  {
    name: 'captured by Debezium, in Kafka',
    topic: 'dummy.public.customers',
    addressIn: (value) => fields(value['after'])['address'],
  },
  { name: 'in ksqlDB’s table CUSTOMERS', topic: 'CUSTOMERS', addressIn: (value) => value['ADDRESS'] },
  { name: 'on the last parcel', topic: 'shipments', addressIn: (value) => value['address'] },
];

/**
 * Follows a customer's address from hop to hop.
 *
 * @param events of the customer, oldest first
 */
export function followCustomer(events: readonly ListedEvent[]): CustomerState {
  const found = places.map(({ name, topic, addressIn }) => {
    const event = events.findLast((each) => each.topic === topic && isText(addressIn(fields(each.value))));
    return { name, address: event ? String(addressIn(fields(event.value))) : null, at: event?.timestamp ?? null };
  });
  const changes = events.filter(({ topic }) => topic === 'dummy.public.customers').map(({ value }) => fields(value));
  // The updater moves customers by itself, too: then no command knows the newest address.
  const [written, captured] = found;
  const newest = (written?.at ?? 0) > (captured?.at ?? 0) ? written?.address : captured?.address;
  const ended = new Set(events.filter(({ topic }) => topic === 'shipments').map(orderOf));
  return {
    hops: found.map((hop) => ({ ...hop, isNewest: hop.address !== null && hop.address === newest })),
    hasMoved: changes.some(({ op }) => op === 'u') || events.some(isMove),
    wasDeleted: changes.at(-1)?.['op'] === 'd',
    onTheWay: events.filter((event) => event.topic === 'customer_orders' && !ended.has(orderOf(event))).length,
  };
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const orderOf = ({ value }: ListedEvent) => fields(value)['order_id'];
const isMove = ({ topic, value }: ListedEvent) =>
  topic === 'shop_command_results' && fields(value)['command'] === 'move' && fields(value)['status'] === 'done';
