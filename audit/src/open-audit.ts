import { createKsqldbClient, openAdmin, readKsqldbSettings, type ServiceContext, type ShopTopics } from '@shop/common';
import type { Kafka } from 'kafkajs';
import { createAddressesCheck } from './addresses/check-addresses.ts';
import { createCustomerHistory } from './addresses/customer-history.ts';
import { followPublished } from './addresses/follow-customers-table.ts';
import { createFreshness } from './addresses/freshness.ts';
import { createHistoryReader } from './addresses/history-reader.ts';
import { createShownRows } from './addresses/ksqldb-rows.ts';
import { createShipmentCourt } from './addresses/shipment-verifier.ts';
import { createReach } from './ask-dependency.ts';
import { createBrowserCheck } from './browser/check-browser.ts';
import { followStream } from './browser/follow-stream.ts';
import { createStreamCheck } from './browser/stream-sequences.ts';
import { createLagCheck } from './consumers/check-lag.ts';
import { type Audit, createAudit } from './create-audit.ts';
import { createShownChanges } from './customers/change-progress.ts';
import { createTopicChanges } from './customers/change-reader.ts';
import { createCustomersCheck } from './customers/check-customers.ts';
import { openPostgresCustomers } from './customers/postgres-customers.ts';
import type { PromiseCheck } from './findings/promise-check.ts';
import { createInventoryCheck } from './inventory/check-inventory.ts';
import { followTopics } from './kafka/follow-topics.ts';
import { createLookClock } from './observation-clock.ts';
import { createOrdersCheck } from './orders/check-orders.ts';
import { createOrderLedger } from './orders/order-tracker.ts';
import type { AuditSettings } from './settings.ts';

export interface AuditPlan {
  kafka: Kafka;
  topics: ShopTopics;
  settings: AuditSettings;
}

/** How long a round waits for topics to be read to their end, ms; on a first start the next rounds go on waiting. */
const patienceMs = 10_000;
const ksqldbTimeoutMs = 15_000;

/** Opens everything that an audit reads, and wires the checks. Closed with the context. @throws SettingError */
export async function openAudit({ kafka, topics, settings }: AuditPlan, context: ServiceContext): Promise<Audit> {
  const postgres = openPostgresCustomers(context);
  const ksqldb = createKsqldbClient(readKsqldbSettings(context.env), { timeoutMs: ksqldbTimeoutMs });
  context.onClose(() => ksqldb.close());
  const reachPostgres = createReach('Postgres', context);
  const admin = await openAdmin(kafka, context, { retry: { retries: 2 } });

  const stream = createStreamCheck();
  const follower = followStream(settings.WEBSOCKET_URL, stream, context);
  context.onClose(() => follower.stop());

  const followed = [
    topics.customers,
    topics.orders,
    topics.shipments,
    topics.ordersWaiting,
    topics.deadLetters,
    topics.refills,
  ];
  // The checks ask it where the topics begin and end, and it gives them the messages.
  const following = followTopics(
    {
      kafka,
      admin,
      topics: followed.map(({ topic }) => topic),
      onRecord: (record) => audit.take(record),
      onLost(lost) {
        context.logger.error(lost, 'records are gone that were not read');
        audit.lose(lost);
      },
    },
    context,
  );
  const ledger = createOrderLedger({
    ordersTopic: topics.orders.topic,
    ordersWaitingTopic: topics.ordersWaiting.topic,
    duplicateWindowMs: settings.DUPLICATE_WINDOW_MS,
  });
  const clock = createLookClock();
  const lookedAt = () => clock.at;
  const changes = createShownChanges();
  const topicChanges = createTopicChanges(changes);
  const history = createCustomerHistory();
  const shown = createShownRows(history.of);
  const freshness = createFreshness(settings.FRESHNESS_TARGET_MS);
  const court = createShipmentCourt({ history, shown, freshness, topic: topics.shipments.topic });
  const published = followPublished(
    {
      kafka,
      admin,
      topic: settings.CUSTOMERS_TABLE_TOPIC,
      ordersTopic: topics.orders.topic,
      following,
      shown,
      changes,
      lookedAt,
    },
    context,
  );
  const shared = { topics, following, patienceMs, settleMs: settings.SETTLE_MS, reachPostgres };
  const checks: PromiseCheck[] = [
    createOrdersCheck({ ...shared, ledger, admin, shippingGroup: settings.SHIPPING_GROUP }),
    createAddressesCheck({
      ...shared,
      ledger,
      history,
      court,
      shown,
      freshness,
      published,
      lookedAt,
      readHistory: createHistoryReader(postgres.pool, history),
      topicChanges,
    }),
    createInventoryCheck({
      ...shared,
      quietMs: settings.QUIET_MS,
      ksqldb,
      reachKsqldb: createReach('ksqlDB, stock', context),
    }),
    createCustomersCheck({
      ...shared,
      history,
      postgres,
      ksqldb,
      changes,
      changesMoved: () => topicChanges.records + published.records,
      publishedIds: published.ids,
      lateOrderOf: court.lateOrderOf,
      stuckMs: settings.STUCK_MS,
      perRound: settings.CUSTOMERS_PER_ROUND,
      reachKsqldb: createReach('ksqlDB, customers', context),
    }),
    createLagCheck({
      admin,
      following,
      consumers: [
        { group: settings.SHIPPING_GROUP, topic: topics.orders },
        { group: `${settings.SHIPPING_GROUP}-waiting`, topic: topics.ordersWaiting },
      ],
      stuckMs: settings.STUCK_MS,
    }),
    createBrowserCheck(stream, follower),
  ];
  const audit = createAudit(checks, clock);
  await following.start();
  context.onClose(() => following.stop());
  return audit;
}
