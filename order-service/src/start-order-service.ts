import {
  connectKafka,
  connectPostgres,
  createRandom,
  keepTopics,
  openSender,
  publishStatus,
  readTopics,
  type ServiceContext,
} from '@shop/common';
import { createOrderMaker } from './orders/create-orders.ts';
import { createPace } from './orders/pace.ts';
import { produceOrders } from './orders/produce-orders.ts';
import { keepSample } from './sample/keep-sample.ts';
import { createSampleReader } from './sample/read-sample.ts';
import { createSampleView } from './sample/sample.ts';
import { readOrderSettings } from './settings.ts';

/** Samples the customers every second and orders on their behalf. */
export async function startOrderService(context: ServiceContext): Promise<void> {
  const settings = readOrderSettings(context.env);
  const { orders, serviceStatus } = readTopics(context.env);
  const perSecond = settings.ORDERS_PER_SECOND;

  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  await keepTopics(kafka, kafkaSettings, [orders, serviceStatus], context);
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
  keepSample(view, createSampleReader(postgres, random, sampleLimits(perSecond)), context);

  const quantity = { min: settings.QUANTITY_MIN, max: settings.QUANTITY_MAX };
  const createOrders = createOrderMaker(orderRandom, quantity);
  produceOrders({ topic: orders.topic, view, pace: createPace(perSecond), createOrders, sender }, context);
}

/** How many customers to read each second: enough for the orders of that second, and still few at high rates. */
function sampleLimits(perSecond: number): { customers: number; newcomers: number } {
  return {
    customers: Math.min(5_000, Math.max(50, Math.ceil(perSecond))),
    newcomers: Math.min(1_000, Math.ceil(perSecond / 2)),
  };
}
