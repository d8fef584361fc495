import type { CheckResult } from '@shop/audit';
import type { OrderRecord, OrderRecords } from '../collect-orders.ts';
import type { ExplainedViolation, InjectedFault } from './report.ts';

type Violation = CheckResult['first'][number];

interface Case {
  violation: Violation;
  /** The order as the sentence names it. */
  name: string;
  order: OrderRecord | undefined;
  /** What was done to the service when the violation happened. */
  fault: InjectedFault | undefined;
}

/** Tolerance between a fault's start and the broker's times, ms. */
const toleranceMs = 500;

/** Explains a violation from the order's records and from what was done to the service meanwhile. */
export function explain(
  violation: Violation,
  orders: OrderRecords,
  faults: readonly InjectedFault[],
): ExplainedViolation {
  const order = findOrder(violation, orders);
  const name = violation.order_id === undefined ? nameByPlace(violation) : `order ${violation.order_id}`;
  const fault = order && faults.find((each) => isMeanwhile(each, order));
  const sentence = sentences[violation.problem]?.({ violation, name, order, fault });
  return { problem: violation.problem, sentence: sentence ?? withDetail(violation, name) };
}

function findOrder({ topic, partition, offset, order_id }: Violation, orders: OrderRecords): OrderRecord | undefined {
  if (topic === 'customer_orders') return orders.get(`${partition}/${offset}`);
  const found = [...orders.values()].filter(({ orderId }) => order_id !== undefined && orderId === order_id);
  return found.find(({ outcomes }) => outcomes.length > 1) ?? found[0];
}

const nameByPlace = ({ topic, partition, offset, customer_id }: Violation): string =>
  customer_id === undefined ? `${topic} ${partition}/${offset}` : `customer ${customer_id}`;

/** Whether a fault lasted between an order's first and last outcome; from its placing on if it has none. */
function isMeanwhile({ from, recoveredAt = Number.POSITIVE_INFINITY }: InjectedFault, order: OrderRecord): boolean {
  const times = order.outcomes.map(({ at }) => at);
  const first = times[0] ?? order.placedAt;
  const last = times.at(-1) ?? Number.POSITIVE_INFINITY;
  return from - toleranceMs <= last && recoveredAt >= first;
}

const withDetail = ({ problem, detail }: Violation, name: string): string =>
  `${name}: ${problem}${detail === undefined ? '' : ` (${detail})`}`;

const sentences: Readonly<Record<string, (found: Case) => string>> = {
  shipped_twice: ({ name, order, fault }) =>
    `${name} was shipped twice${spacing(order)}: ${twiceBecause[fault?.name ?? ''] ?? 'its offset was not committed together with its shipment'}.`,
  two_places: ({ name, violation: { detail } }) =>
    `${name} has two outcomes, ${detail}: they were not written in one transaction with the offset.`,
  copy_shipped: ({ name }) =>
    `${name} was placed twice, and both copies were shipped: the service does not remember the ids of earlier orders${afterRestart}.`,
  lost: (found) => missing(found),
  no_outcome: (found) => missing(found),
  still_waiting: ({ name }) => `${name} still waits, although nothing moves any more.`,
  not_as_ordered: ({ name, violation: { detail } }) => `${name} was not shipped as ordered: ${detail}.`,
  readable_set_aside: ({ name, violation: { detail } }) => `${name} can be read, but was set aside: ${detail}.`,
  unreadable_shipment: ({ name, violation: { detail } }) => `${name} is no shipment: ${detail}.`,
  not_a_copy: ({ name }) =>
    `${name} was set aside as a second copy, but is the first one: its id was remembered before its outcome was committed.`,
  outcome_of_no_order: ({ name, violation: { detail } }) =>
    `${name}: ${detail ?? 'its outcome names an offset that holds no order'}.`,
  outcome_of_another_order: ({ name, violation: { detail } }) =>
    `${name} has the partition and offset of another order: ${detail}.`,
  stale_address: ({ name, violation: { customer_id } }) =>
    `${name} went to a former address of customer ${customer_id}: ksqlDB had the new one before the order was looked up, so an older answer was used.`,
  shipped_to_deleted: ({ name, violation: { customer_id } }) =>
    `${name} was delivered to customer ${customer_id}, whose deletion ksqlDB had shown before: an older answer was used, or OP was ignored.`,
  foreign_address: ({ name, violation: { customer_id } }) =>
    `${name} went to an address that customer ${customer_id} never had: two customers were mixed up, or fields were changed.`,
  placeholder_shipped: ({ name }) =>
    `${name} went to an incomplete address: it had to wait until ksqlDB knew the whole row.`,
  customer_was_known: ({ name, violation: { customer_id } }) =>
    `${name} is undeliverable because its customer is unknown, but Postgres had customer ${customer_id}: the service gave up before the change reached ksqlDB.`,
  customer_not_deleted: ({ name, violation: { customer_id } }) =>
    `${name} is undeliverable because its customer was deleted, but customer ${customer_id} was not.`,
};

const afterRestart = ', or forgot them when it was restarted';

const twiceBecause: Readonly<Record<string, string>> = {
  kill: 'the offset was committed after the shipment was sent, and the process was killed in between',
  'duplicates-after-kill':
    'the offset was committed after the shipment was sent, and the process was killed in between',
  freeze:
    'the process was frozen, its partition was given to another owner, and nothing stopped the first one when it continued',
  rebalance: 'its partition moved to another instance, which started from an offset before the shipment',
  'broker-restart': 'the broker was restarted, and the shipment was sent again without a transaction',
};

/** Why an order has no outcome. */
function missing({ name, order, fault }: Case): string {
  if (order && order.orderId === undefined)
    return `${name} cannot be read as an order, and no dead letter names it: the service dropped it, or is stuck there.`;
  if (fault?.name === 'unknown-customers')
    return `${name} was lost: ksqlDB did not have its customer yet, and the service forgot the order while it waited.`;
  if (fault?.name === 'kill' || fault?.name === 'duplicates-after-kill')
    return `${name} was lost: its offset was committed before its outcome, and the process was killed in between.`;
  return `${name} has no outcome: the service passed it${fault ? ` during ${fault.name}` : ''}, or is stuck before it.`;
}

function spacing(order: OrderRecord | undefined): string {
  const [first, second] = order?.outcomes ?? [];
  return first && second ? `, ${((second.at - first.at) / 1_000).toFixed(1)} s apart` : '';
}
