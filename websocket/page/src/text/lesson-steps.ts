import type { CommandLine } from '../../../src/messages/commands.ts';
import type { ListedEvent } from '../../../src/messages/events.ts';
import type { Picture, ServiceLine } from '../../../src/messages/picture.ts';
import type { QueryAnswer } from '../../../src/messages/query.ts';
import type { Story } from '../../../src/messages/story.ts';
import { followCustomer } from './customer-hops.ts';
import { fields } from './read-fields.ts';
import { reportFault } from './report-fault.ts';
import { lookOf } from './service-state.ts';

/** What the page has received: all that a lesson knows of the shop and of its visitor. */
export interface Seen {
  /** When the visitor began, by the server's clock. What happened before does not count. */
  since: number;
  picture: Picture;
  /** The story that is open. */
  story: Story | null;
  /** The story of the customer whom the visitor plays. */
  player: Story | null;
  /** The topics that are chosen in the list of events, and the events in it. */
  topics: readonly string[];
  listed: readonly ListedEvent[];
  /** The last query, once it is answered. */
  query: { sql: string; answer: QueryAnswer } | null;
}

/** Whether a step is done, from what the page has received. */
export type IsDone = (seen: Seen) => boolean;

const ofTopic = (story: Story | null, topic: string) => story?.events.filter((event) => event.topic === topic) ?? [];
const orderIdOf = ({ value }: ListedEvent) => fields(value)['order_id'];

export const hasOpenedOrder: IsDone = ({ story }) => (story?.order_id ?? null) !== null;

export const hasSeenShipment: IsDone = ({ story }) =>
  ofTopic(story, 'shipments').some((event) => orderIdOf(event) === story?.order_id);

export const isCustomer: IsDone = ({ player }) => player !== null;

export const hasMoved: IsDone = ({ player, since }) =>
  ofTopic(player, 'shop_command_results').some(({ value, timestamp }) => {
    const { command, status } = fields(value);
    return timestamp >= since && command === 'move' && status === 'done';
  });

/** The new address has passed Postgres, Kafka and ksqlDB. */
export const hasAddressArrived: IsDone = ({ player }) => {
  const [written, captured, inKsqldb] = followCustomer(player?.events ?? []).hops;
  return [written, captured, inKsqldb].every((hop) => hop?.isNewest === true);
};

export const hasOrderedTwice: IsDone = ({ player }) => ofTopic(player, 'customer_orders').length >= 2;

/** A customer's story is open, with orders that are one after the other in one partition. */
export const hasComparedOrders: IsDone = ({ story }) => {
  const orders = ofTopic(story, 'customer_orders');
  const areInOrder = orders.every(({ partition, offset }, index) => {
    const before = orders[index - 1];
    return before === undefined || (before.partition === partition && before.offset < offset);
  });
  return story?.customer !== null && story?.order_id === null && orders.length >= 2 && areInOrder;
};

const hasRows = ({ query }: Seen) => query !== null && 'rows' in query.answer && query.answer.rows.length > 0;
const isPush = ({ query }: Seen) => /\bEMIT\s+CHANGES\b/i.test(query?.sql ?? '');

export const hasPulled: IsDone = (seen) => hasRows(seen) && !isPush(seen);
export const hasPushed: IsDone = (seen) => hasRows(seen) && isPush(seen);

const shipping = 'shipping-service';

const shippingInstances = ({ picture }: Seen): ServiceLine[] =>
  picture.services.filter((line) => line.service === shipping && lookOf(line, false).look === 'good');

export const hasSecondInstance: IsDone = (seen) => shippingInstances(seen).length >= 2;

export const doBothShip: IsDone = (seen) =>
  shippingInstances(seen).filter(({ counters }) => (counters['orders_read'] ?? 0) > 0).length >= 2;

export const isOneInstanceAgain: IsDone = (seen) => shippingInstances(seen).length === 1;

/** At this rate, shipping has a transaction open at almost any moment. */
const highRate = 100;

export const isUnderLoad: IsDone = ({ picture }) =>
  picture.settings.some(
    ({ target, fields: { orders_per_second = 0 } }) => target === 'order-service' && orders_per_second >= highRate,
  );

/** The last command that shipping-service obeyed among these. */
const lastObeyed = ({ picture, since }: Seen, commands: readonly string[]): CommandLine | undefined =>
  picture.commands.find(
    ({ target, command, at, result }) =>
      target === shipping && at >= since && result?.status === 'done' && commands.includes(command),
  );

/** Orders that wait while shipping is slow. At full speed and the usual rate there is about one. */
const waitingOrders = 10;

export const isLagging: IsDone = (seen) =>
  lastObeyed(seen, ['slow', 'normal', 'reset'])?.command === 'slow' && seen.picture.open_orders.count >= waitingOrders;

/** Every order that was placed before shipping was at full speed has its outcome. */
export const hasCaughtUp: IsDone = (seen) => {
  const { at: now, open_orders } = seen.picture;
  const last = lastObeyed(seen, ['slow', 'normal', 'reset']);
  if (!last?.result || last.command === 'slow') return false;
  return open_orders.count === 0 || now - open_orders.oldest_ms > last.result.at;
};

const crashes = ({ picture, since }: Seen) =>
  picture.faults.filter((fault) => fault.service === shipping && fault.fault === 'crash' && fault.since >= since);

export const hasCrashed: IsDone = (seen) => crashes(seen).length > 0;

/** The service has recovered, the orders that waited are shipped, and the audit has found every promise kept since. */
export const areAllPromisesKept: IsDone = (seen) =>
  crashes(seen).some((fault) =>
    reportFault(fault, seen.picture.audit, seen.picture.at).every(({ look }) => look === 'good'),
  );

export const hasSentUnreadable: IsDone = ({ picture, since }) =>
  picture.commands.some(
    ({ command, at, fields: { unreadable_share = 0 }, result }) =>
      command === 'set-traffic' && at >= since && Number(unreadable_share) > 0 && result?.status === 'done',
  );

export const hasFoundDeadLetter: IsDone = ({ topics, listed, since }) =>
  topics.includes('dead_letters') &&
  listed.some(
    ({ topic, timestamp, headers }) =>
      topic === 'dead_letters' && timestamp >= since && headers?.['dead_letter.error_code'] !== undefined,
  );
