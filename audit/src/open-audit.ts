import {
  createKsqldbClient,
  followTopics,
  openAdmin,
  readKsqldbSettings,
  type ServiceContext,
  type ShopTopics,
} from '@shop/common';
import type { Kafka } from 'kafkajs';
import { createAddressesCheck } from './addresses/check-addresses.ts';
import { createCustomerHistory } from './addresses/customer-history.ts';
import { followCustomersTable } from './addresses/follow-customers-table.ts';
import { createFreshness } from './addresses/freshness.ts';
import { createHistoryReader } from './addresses/history-reader.ts';
import { createKsqldbRows } from './addresses/ksqldb-rows.ts';
import { createShipmentVerifier } from './addresses/shipment-verifier.ts';
import { createAskDependency } from './ask-dependency.ts';
import { createBrowserCheck } from './browser/check-browser.ts';
import { followStream } from './browser/follow-stream.ts';
import { createStreamSequences } from './browser/stream-sequences.ts';
import { createLagCheck } from './consumers/check-lag.ts';
import { type Audit, createAudit } from './create-audit.ts';
import { createChangeProgress } from './customers/change-progress.ts';
import { createChangeReader } from './customers/change-reader.ts';
import { createCustomersCheck } from './customers/check-customers.ts';
import { openPostgresCustomers } from './customers/postgres-customers.ts';
import type { PromiseCheck } from './findings/promise-check.ts';
import { createInventoryCheck } from './inventory/check-inventory.ts';
import { createObservationClock } from './observation-clock.ts';
import { createOrdersCheck } from './orders/check-orders.ts';
import { createOrderTracker } from './orders/order-tracker.ts';
import type { AuditSettings } from './settings.ts';

interface AuditPlan {
  kafka: Kafka;
  topics: ShopTopics;
  settings: AuditSettings;
}

/** How long a round waits until the topics are read to their end, ms. On a first start, the next rounds continue. */
const patienceMs = 10_000;
const ksqldbTimeoutMs = 15_000;
/** An order may be passed by later ones this many times as long as a consumer may make no progress. */
const passedFactor = 5;

/** Opens everything that an audit reads, and wires the checks. Closed with the context. @throws SettingError */
export async function openAudit({ kafka, topics, settings }: AuditPlan, context: ServiceContext): Promise<Audit> {
  const postgres = openPostgresCustomers(context);
  const ksqldb = createKsqldbClient(readKsqldbSettings(context.env), { timeoutMs: ksqldbTimeoutMs });
  context.onClose(() => ksqldb.close());
  const admin = await openAdmin(kafka, context, { retry: { retries: 2 } });

  const sequences = createStreamSequences();
  const stream = followStream(settings.WEBSOCKET_URL, sequences, context);
  context.onClose(() => stream.stop());

  const followed = [
    topics.customers,
    topics.orders,
    topics.shipments,
    topics.ordersWaiting,
    topics.deadLetters,
    topics.refills,
  ];
  // The audit is not urgent.
  const fetch = { maxWaitTimeInMs: 500, minBytes: 256 * 1024 };
  // It gives the checks their messages, and the checks ask it for the start and end offsets of topics.
  const follower = followTopics(
    {
      kafka,
      admin,
      topics: followed.map(({ topic }) => topic),
      onRecord: (record) => audit.onRecord(record),
      onGap(gap) {
        context.logger.error(gap, 'records lost before they were read');
        audit.onGap(gap);
      },
      fetch,
    },
    context,
  );
  const orders = createOrderTracker({
    ordersTopic: topics.orders.topic,
    ordersWaitingTopic: topics.ordersWaiting.topic,
    duplicateWindowMs: settings.DUPLICATE_WINDOW_MS,
  });
  const clock = createObservationClock();
  const observedMs = () => clock.observedMs;
  const changeProgress = createChangeProgress();
  const history = createCustomerHistory(observedMs);
  const ksqldbRows = createKsqldbRows(history.versionsOf);
  const freshness = createFreshness(settings.FRESHNESS_TARGET_MS);
  const verifier = createShipmentVerifier({
    history,
    ksqldbRows,
    freshness,
    shipmentsTopic: topics.shipments.topic,
  });
  const table = followCustomersTable(
    {
      kafka,
      admin,
      topic: settings.CUSTOMERS_TABLE_TOPIC,
      ordersTopic: topics.orders.topic,
      fetch,
      follower,
      ksqldbRows,
      changeProgress,
      observedMs,
    },
    context,
  );
  const shared = {
    topics,
    follower,
    patienceMs,
    settleMs: settings.SETTLE_MS,
    stuckMs: settings.STUCK_MS,
    shippingGroup: settings.SHIPPING_GROUP,
    askPostgres: createAskDependency('Postgres', context),
  };
  const checks: PromiseCheck[] = [
    createOrdersCheck({
      ...shared,
      orders,
      admin,
      isKnown: table.hasRow,
      passedMs: passedFactor * settings.STUCK_MS,
    }),
    createAddressesCheck({
      ...shared,
      orders,
      history,
      verifier,
      ksqldbRows,
      freshness,
      observedMs,
      readHistory: createHistoryReader(postgres.pool, history),
    }),
    createInventoryCheck({
      ...shared,
      quietMs: settings.QUIET_MS,
      ksqldb,
      askKsqldb: createAskDependency('ksqlDB, stock', context),
    }),
    createCustomersCheck({
      ...shared,
      historyIds: history.ids,
      table,
      lateOrderOf: verifier.lateOrderOf,
      postgres,
      ksqldb,
      askKsqldb: createAskDependency('ksqlDB, customers', context),
      changesTopic: topics.customers.topic,
      changeReader: createChangeReader(changeProgress),
      changeProgress,
      rowsPerRound: settings.CUSTOMERS_PER_ROUND,
    }),
    createLagCheck({ ...shared, admin, reached: orders.reached }),
    createBrowserCheck(sequences, stream),
  ];
  const audit = createAudit(checks, clock);
  await follower.start();
  context.onClose(() => follower.stop());
  await table.start();
  return audit;
}
