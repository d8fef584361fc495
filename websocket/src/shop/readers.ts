import {
  customerChange,
  deadLetterHeaders,
  order,
  refill,
  type ShopTopics,
  serviceStatus,
  shipment,
} from '@shop/common';
import type { LiveMessage } from '../api/read-message.ts';
import type { AuditLines } from './audit-lines.ts';
import type { CommandLines } from './command-lines.ts';
import type { CustomerCountries } from './customer-countries.ts';
import type { Faults } from './faults.ts';
import type { Inventory } from './inventory.ts';
import type { Moves } from './moves.ts';
import type { OpenOrders } from './open-orders.ts';
import type { ScenarioRun } from './scenario-run.ts';
import type { Seconds } from './seconds.ts';
import type { ServiceLines } from './service-lines.ts';
import type { SettingsInForce } from './settings-in-force.ts';
import { subjectOf } from './subject-of.ts';
import type { Tally } from './tally.ts';

export interface ShopParts {
  seconds: Seconds;
  openOrders: OpenOrders;
  undeliverable: Tally;
  deadLetters: Tally;
  countries: CustomerCountries;
  moves: Moves;
  inventory: Inventory;
  services: ServiceLines;
  audit: AuditLines;
  commands: CommandLines;
  faults: Faults;
  scenario: ScenarioRun;
  settings: SettingsInForce;
  delivered: number;
}

interface Reading {
  message: LiveMessage;
  /** The message's value. */
  body: unknown;
  past: boolean;
}

/** The topics of the shop that are part of the picture. */
export type PictureTopics = Pick<
  ShopTopics,
  | 'customers'
  | 'orders'
  | 'refills'
  | 'shipments'
  | 'deadLetters'
  | 'serviceStatus'
  | 'auditResults'
  | 'commands'
  | 'commandResults'
>;

type Reader = (reading: Reading) => void;

/** What each topic adds to the picture, by topic. Ignores messages of another shape. */
export function createReaders(topics: PictureTopics, parts: ShopParts): Map<string, Reader> {
  const stock: Reader = ({ message, body }) => {
    const product = keyText(message);
    const left = parts.inventory.noteRow(product, body);
    if (left !== undefined) parts.seconds.noteLeft(message.timestamp, product, left);
  };
  return new Map<string, Reader>([
    [topics.customers.topic, (reading) => readCustomer(reading, parts)],
    [topics.orders.topic, (reading) => readOrder(reading, parts)],
    [
      topics.refills.topic,
      ({ body, message }) => {
        const read = refill.safeParse(body);
        if (read.success) parts.inventory.noteRefill(read.data.product, message.timestamp);
      },
    ],
    [topics.shipments.topic, (reading) => readShipment(reading, parts)],
    [topics.deadLetters.topic, (reading) => readDeadLetter(reading, parts)],
    [topics.serviceStatus.topic, (reading) => readStatus(reading, parts)],
    ['FINAL_INVENTORY', stock],
    [topics.commands.topic, ({ body, message }) => parts.commands.noteCommand(body, message.timestamp)],
    [topics.commandResults.topic, (reading) => readResult(reading, parts)],
    [topics.auditResults.topic, ({ body, message }) => parts.audit.note(keyText(message), body, message.timestamp)],
  ]);
}

function readCustomer({ body }: Reading, { countries, moves }: ShopParts): void {
  const change = customerChange.safeParse(body);
  if (!change.success) return;
  const { op, before, after, ts_ms } = change.data;
  if (after) {
    countries.place(after.id, after.country);
    moves.noteCustomer(after, op, ts_ms);
  } else if (before) {
    countries.place(before.id, null);
    moves.forget(before.id);
  }
}

function readOrder({ body, message, past }: Reading, { seconds, openOrders, faults }: ShopParts): void {
  seconds.countOrder(message.timestamp);
  const read = order.safeParse(body);
  // The outcome of an earlier order may be older than the messages that this process has read.
  if (!read.success || past) return;
  openOrders.opened(read.data.order_id, Date.parse(read.data.ordered_at));
  faults.noteOrders();
}

function readShipment({ body, message }: Reading, parts: ShopParts): void {
  const read = shipment.safeParse(body);
  if (!read.success) return;
  const { status, order_id, ordered_at, shipped_at } = read.data;
  parts.openOrders.closed(order_id);
  parts.faults.noteOrders();
  parts.moves.noteShipment(read.data);
  const waitedMs = Date.parse(shipped_at) - Date.parse(ordered_at);
  if (status === 'delivered') {
    parts.delivered += 1;
    parts.seconds.countShipment(message.timestamp, status, Number.isFinite(waitedMs) ? waitedMs : undefined);
  } else {
    parts.undeliverable.add(read.data.reason);
    parts.seconds.countShipment(message.timestamp, status);
  }
}

function readStatus({ body, message }: Reading, { services, faults, scenario, settings }: ShopParts): void {
  const read = serviceStatus.safeParse(body);
  if (!read.success) return;
  services.note(read.data, message.timestamp);
  for (const part of [faults, scenario, settings]) part.noteStatus(read.data);
}

function readResult({ body, message }: Reading, { commands, faults, scenario, settings }: ShopParts): void {
  const result = commands.noteResult(body, message.timestamp);
  if (!result) return;
  for (const part of [faults, scenario, settings]) part.noteResult(result);
}

function readDeadLetter({ message }: Reading, { deadLetters, openOrders }: ShopParts): void {
  deadLetters.add(message.headers[deadLetterHeaders.code] ?? 'unknown');
  const { orderId } = subjectOf(message);
  if (orderId !== undefined) openOrders.closed(orderId);
}

const keyText = ({ key }: LiveMessage) => (key.format === 'none' ? '' : key.text.replace(/^"(.*)"$/, '$1'));
