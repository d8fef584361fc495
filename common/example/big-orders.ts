import * as shop from '@shop/common';
import { z } from 'zod';

const settings = z.object({ BIG_ORDER: shop.integer(1, 1_000_000).default(4) });

await shop.runService('big-orders', async (context) => {
  const { BIG_ORDER } = shop.readSettings(settings, context.env);
  const { orders } = shop.readTopics(context.env);
  const countOrder = context.report.counter('big_orders', `Orders of ${BIG_ORDER} pieces or more`);
  const countUnreadable = context.report.counter('unreadable_orders', 'Messages that are no orders');

  function handleOrder(value: Buffer | null): void {
    try {
      if (shop.readJson(value, shop.order).order.quantity >= BIG_ORDER) countOrder();
    } catch (error) {
      if (!(error instanceof shop.UnreadableMessage)) throw error;
      countUnreadable();
    }
  }

  const { kafka, settings: kafkaSettings } = await shop.connectKafka(context);
  await shop.keepTopics(kafka, kafkaSettings, [orders], context);
  const plan: shop.ConsumerPlan = {
    kafka,
    config: { groupId: 'big-orders' },
    async start(consumer) {
      await consumer.subscribe({ topic: orders.topic, fromBeginning: true });
      await consumer.run({ eachMessage: async ({ message }) => handleOrder(message.value) });
    },
  };
  const consumer = await shop.runConsumer(plan, context);
  context.onClose(() => consumer.stop());
});
