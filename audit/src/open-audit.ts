import { createKsqldbClient, openAdmin, readKsqldbSettings, type ServiceContext, type ShopTopics } from '@shop/common';
import type { Kafka } from 'kafkajs';
import { createAddressesCheck } from './checks/check-addresses.ts';
import { createCustomersCheck } from './checks/check-customers.ts';
import { createInventoryCheck } from './checks/check-inventory.ts';
import { createLagCheck } from './checks/check-lag.ts';
import { createOrdersCheck } from './checks/check-orders.ts';
import { createBrowserCheck } from './checks/check-stream.ts';
import type { PromiseCheck } from './checks/promise-check.ts';
import { createReach } from './checks/reach.ts';
import { type Audit, createAudit } from './create-audit.ts';
import { createCustomerHistory } from './customers/customer-history.ts';
import { followPublished } from './customers/follow-published.ts';
import { createFreshness } from './customers/freshness.ts';
import { openPostgresCustomers } from './customers/postgres-customers.ts';
import { createHistoryReader } from './customers/read-history.ts';
import { createShipmentCourt } from './customers/shipment-court.ts';
import { createShownChanges } from './customers/shown-changes.ts';
import { createShownRows } from './customers/shown-rows.ts';
import { createTopicChanges } from './customers/topic-changes.ts';
import { followTopics } from './kafka/follow-topics.ts';
import { createLookClock } from './look-clock.ts';
import { createOrderLedger } from './orders/order-ledger.ts';
import type { AuditSettings } from './settings.ts';
import { createStreamCheck } from './stream/check-stream.ts';
import { followStream } from './stream/follow-stream.ts';

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
