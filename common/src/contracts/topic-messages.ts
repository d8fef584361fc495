import { z } from 'zod';
import { auditResult } from './audit-result.ts';
import { command, commandResult } from './command.ts';
import { customerChange } from './customer.ts';
import { customerTableRow } from './customer-table.ts';
import { deadLetterHeaderValues } from './dead-letter.ts';
import { finalInventoryRow, latestInventoryRow, totalOrdersRow } from './inventory-tables.ts';
import { order } from './order.ts';
import { refill } from './refill.ts';
import { serviceStatus } from './service-status.ts';
import { shipment } from './shipment.ts';
import type { ShopTopicName } from './shop-topics.ts';
import { waitingHeaderValues } from './waiting-order.ts';

/** The messages of one topic. */
export interface TopicMessages {
  /** What one message is called. */
  name: string;
  description: string;
  /** The text of the key, in UTF-8. */
  key: z.ZodType;
  headers?: z.ZodType;
  /** The value as JSON; absent when it may be any bytes. */
  value?: z.ZodType;
}

const customerId = z
  .string()
  .regex(/^\d+$/)
  .describe("The customer's id in decimal digits.")
  .meta({ examples: ['47'] });
const orderId = z.string().min(1).describe('The `order_id`.');
const product = z
  .string()
  .min(1)
  .describe('The name of the product.')
  .meta({ examples: ['phone'] });

/** What the topics of the shop contain. */
export const topicMessages: Readonly<Record<ShopTopicName, TopicMessages>> = {
  'dummy.public.customers': {
    name: 'customerChange',
    description: 'Changes of customers in Postgres, as Debezium reports them. A deletion has no tombstone.',
    key: customerId,
    value: customerChange,
  },
  customer_orders: {
    name: 'order',
    description: 'Orders. An order names the customer and never carries an address.',
    key: customerId,
    value: order,
  },
  inventory_refills: {
    name: 'refill',
    description: 'Refills of the stock. A refill is an amount added, not a level.',
    key: product,
    value: refill,
  },
  shipments: {
    name: 'shipment',
    description: 'The outcome of each order that can be read: delivered, or undeliverable with a reason.',
    key: orderId,
    value: shipment,
  },
  orders_waiting: {
    name: 'waitingOrder',
    description: 'Orders whose customer is not in ksqlDB yet. The value is the unchanged order.',
    key: orderId,
    headers: waitingHeaderValues,
    value: order,
  },
  dead_letters: {
    name: 'deadLetter',
    description:
      'Messages that cannot be used: unreadable orders and second copies. Key and value are those of the original message, and may be null. Its headers are kept; those below are added.',
    key: z.string().nullable().describe('The key of the original message.'),
    headers: deadLetterHeaderValues,
  },
  service_status: {
    name: 'serviceStatus',
    description: 'What each instance of each service does, every few seconds.',
    key: z
      .string()
      .describe('`service/instance`.')
      .meta({ examples: ['updater/1'] }),
    value: serviceStatus,
  },
  CUSTOMERS: {
    name: 'customerRow',
    description: "Rows of ksqlDB's table of customers. A deleted customer keeps a row, with `OP: d`.",
    key: customerId,
    value: customerTableRow,
  },
  LATEST_INVENTORY: {
    name: 'latestInventoryRow',
    description: "Rows of ksqlDB's table of refills by product.",
    key: product,
    value: latestInventoryRow,
  },
  TOTAL_ORDERS: {
    name: 'totalOrdersRow',
    description: "Rows of ksqlDB's table of ordered quantities by product.",
    key: product,
    value: totalOrdersRow,
  },
  FINAL_INVENTORY: {
    name: 'finalInventoryRow',
    description: "Rows of ksqlDB's table of the stock by product.",
    key: product,
    value: finalInventoryRow,
  },
  audit_results: {
    name: 'auditResult',
    description: 'The latest finding about each promise, after every round of the audit.',
    key: z
      .string()
      .describe('The promise.')
      .meta({ examples: ['P1'] }),
    value: auditResult,
  },
  shop_commands: {
    name: 'command',
    description: 'Commands of users for services. A service obeys each one once.',
    key: z.string().min(1).describe('The target, so that the commands for one service stay in their order.'),
    value: command,
  },
  shop_command_results: {
    name: 'commandResult',
    description: 'What became of each command.',
    key: z.string().min(1).describe('The `command_id`.'),
    value: commandResult,
  },
};
