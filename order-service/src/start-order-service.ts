import {
  connectKafka,
  connectPostgres,
  createRandom,
  keepTopics,
  obeyCommands,
  openSender,
  publishStatus,
  readTopics,
  type ServiceContext,
} from '@shop/common';
import { createMessageMaker } from './orders/create-messages.ts';
import { createOrderMaker } from './orders/create-orders.ts';
import { createOrderCommands } from './orders/obey-order-commands.ts';
import { createPace } from './orders/pace.ts';
import { createPlacedOrders } from './orders/place-orders.ts';
import { produceOrders } from './orders/produce-orders.ts';
import { type Traffic, usualTraffic } from './orders/traffic.ts';
import { keepSample } from './sample/keep-sample.ts';
import { createSampleReader } from './sample/read-sample.ts';
import { createSampleView } from './sample/sample.ts';
import { readOrderSettings } from './settings.ts';

/** Samples the customers every second and orders on their behalf. */
export async function startOrderService(context: ServiceContext): Promise<void> {
  const settings = readOrderSettings(context.env);
  const { orders, serviceStatus, commands, commandResults } = readTopics(context.env);
  const initial = {
    perSecond: settings.ORDERS_PER_SECOND,
    quantity: { min: settings.QUANTITY_MIN, max: settings.QUANTITY_MAX },
  };

  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  await keepTopics(kafka, kafkaSettings, [orders, serviceStatus, commands, commandResults], context);
  await publishStatus(kafka, serviceStatus.topic, context);
  const postgres = await connectPostgres(context);
  const sender = await openSender(kafkaSettings, context);

  const random = createRandom(settings.SEED);
  // Separate from the sample's generator, whose use depends on the clock.
  const orderRandom = createRandom(random.integer(0, 2 ** 32 - 1));
  const view = createSampleView();
  const { report } = context;
  report.gauge('sample_customers', 'Customers who may order at the moment', () => view.current.customers.length);
  report.gauge('sample_products', 'Products that may be ordered', () => view.current.products.length);
  const limits = sampleLimits(initial.perSecond);
  keepSample(view, createSampleReader(postgres, random, limits), context);

  const quantity = { ...initial.quantity };
  const traffic: Traffic = { ...usualTraffic };
  const createOrders = createOrderMaker(orderRandom, quantity, traffic);
  const toMessages = createMessageMaker(orderRandom, traffic);
  const pace = createPace(initial.perSecond);
  const placed = createPlacedOrders();
  produceOrders({ topic: orders.topic, view, pace, placed, createOrders, toMessages, sender }, context);

  const handlers = createOrderCommands({
    postgres,
    placed,
    initial,
    changeRate(perSecond) {
      pace.changeRate(perSecond, performance.now());
      Object.assign(limits, sampleLimits(perSecond));
    },
    changeQuantity: (changed) => Object.assign(quantity, changed),
    changeTraffic: (changed) => Object.assign(traffic, changed),
    signal: context.signal,
  });
  obeyCommands({ kafka, settings: kafkaSettings, topics: { commands, commandResults }, handlers }, context);
}

/** How many customers to read each second: enough for the orders of that second, and still few at high rates. */
function sampleLimits(perSecond: number): { customers: number; newcomers: number } {
  return {
    customers: Math.min(5_000, Math.max(50, Math.ceil(perSecond))),
    newcomers: Math.min(1_000, Math.ceil(perSecond / 2)),
  };
}
