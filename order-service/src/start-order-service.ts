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
import { keepMarket } from './market/keep-market.ts';
import { createMarketView } from './market/market.ts';
import { createMarketReader } from './market/read-market.ts';
import { createOrderMaker } from './orders/create-orders.ts';
import { createPace } from './orders/pace.ts';
import { produceOrders } from './orders/produce-orders.ts';
import { readOrderSettings } from './settings.ts';

/** Starts to look at the market every second, and to order on behalf of whom it finds there. */
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
  // Apart from the reader's, whose turns come by the clock.
  const orderRandom = createRandom(random.integer(0, 2 ** 32 - 1));
  const view = createMarketView();
  const { report } = context;
  report.gauge('market_customers', 'Customers who may order at the moment', () => view.current.customers.length);
  report.gauge('market_products', 'Products that may be ordered', () => view.current.products.length);
  keepMarket(view, createMarketReader(postgres, random, marketLimits(perSecond)), context);

  const quantity = { min: settings.QUANTITY_MIN, max: settings.QUANTITY_MAX };
  const createOrders = createOrderMaker(orderRandom, quantity);
  produceOrders({ topic: orders.topic, view, pace: createPace(perSecond), createOrders, sender }, context);
}

/** How many customers to read a second: enough for the orders until the next look, and at high rates still few. */
function marketLimits(perSecond: number): { customers: number; newcomers: number } {
  return {
    customers: Math.min(5_000, Math.max(50, Math.ceil(perSecond))),
    newcomers: Math.min(1_000, Math.ceil(perSecond / 2)),
  };
}
