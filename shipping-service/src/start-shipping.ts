import {
  connectKafka,
  createKsqldbClient,
  keepTopics,
  obeyCommands,
  openAdmin,
  publishStatus,
  readKsqldbSettings,
  readTopics,
  rememberedOrders,
  type ServiceContext,
} from '@shop/common';
import { createConnectorRepairs } from './customers/connector-repairs.ts';
import { createLookUp } from './customers/look-up-customers.ts';
import { createPipelineClock } from './customers/pipeline-clock.ts';
import { watchChanges } from './customers/watch-changes.ts';
import { createSlowdown } from './kafka/slow-down.ts';
import { runTransactionalConsumer } from './kafka/transactional-consumer.ts';
import { createOutcomeCounters } from './orders/count-outcomes.ts';
import { createShipOrders } from './orders/ship-orders.ts';
import { createShipWaitingOrders } from './orders/ship-waiting-orders.ts';
import { readShippingSettings } from './settings.ts';

/** Pause between two look-ups of waiting orders, in ms. */
const waitingPauseMs = 500;

/** Time until committed offsets in doubt are read again, ms: longer than an election of a leader takes. */
const confirmMs = 2_000;

/** Starts to ship orders and waiting orders, and to watch the progress of the pipeline. */
export async function startShipping(context: ServiceContext): Promise<void> {
  const settings = readShippingSettings(context.env);
  const topics = readTopics(context.env);
  const ksqldb = createKsqldbClient(readKsqldbSettings(context.env), { timeoutMs: settings.LOOKUP_TIMEOUT_MS });
  context.onClose(() => ksqldb.close());
  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  const { customers, repairs: repairNotes, orders, shipments, ordersWaiting, deadLetters, serviceStatus } = topics;
  const { commands, commandResults } = topics;
  const handled = [customers, repairNotes, orders, shipments, ordersWaiting, deadLetters];
  await keepTopics(kafka, kafkaSettings, [...handled, serviceStatus, commands, commandResults], context);
  await publishStatus(kafka, serviceStatus.topic, context);

  const admin = await openAdmin(kafka, context);

  const lookUp = createLookUp(
    ksqldb,
    { idsPerQuery: settings.LOOKUP_IDS_PER_QUERY, queriesInFlight: settings.LOOKUP_QUERIES_IN_FLIGHT },
    context,
  );
  const counters = createOutcomeCounters(context.report);
  const clock = createPipelineClock();
  const repairs = createConnectorRepairs();
  const common = { service: context.name, lookUp, counters };
  const outputs = { shipments: shipments.topic, waiting: ordersWaiting.topic, deadLetters: deadLetters.topic };

  const countLost = context.report.counter('orders_lost', 'Orders that were deleted before they were handled');
  const consumed = { kafka, admin, logger: context.logger, countLost, confirmMs };
  const groupId = settings.CONSUMER_GROUP;
  const windowMs = settings.DUPLICATE_WINDOW_MS;
  // Stop them together: one after the other could exceed the grace time.
  const stops: (() => Promise<void>)[] = [];
  context.onClose(() => Promise.all(stops.map((stop) => stop())));
  const slowdown = createSlowdown();
  const changes = watchChanges(
    { kafka, admin, topics: { customers: customers.topic, repairs: repairNotes.topic }, clock, repairs },
    context,
  );
  stops.push(changes.stop);
  const consumers = [
    runTransactionalConsumer(
      { ...consumed, topic: orders.topic, groupId, readBackMs: windowMs, readBackLimit: rememberedOrders },
      slowdown.slow(
        createShipOrders({
          ...common,
          topics: { orders: orders.topic, ...outputs },
          window: { lengthMs: windowMs, limit: rememberedOrders },
        }),
      ),
      context,
    ),
    runTransactionalConsumer(
      { ...consumed, topic: ordersWaiting.topic, groupId: `${groupId}-waiting`, readBackMs: 0, readBackLimit: 0 },
      createShipWaitingOrders({
        ...common,
        topics: outputs,
        clock,
        repairs,
        customerWaitMs: settings.CUSTOMER_WAIT_MS,
        pauseMs: waitingPauseMs,
      }),
      context,
    ),
  ];
  obeyCommands({ kafka, settings: kafkaSettings, topics, handlers: slowdown.handlers }, context);
  await Promise.all([changes.start(), ...consumers.map(async (opening) => stops.push(await opening))]);
}
