import { randomUUID } from 'node:crypto';
import { deadLetterHeaders, type Order } from '@shop/common';
import { buildNewOrder } from '@shop/test-support';
import type { KafkaMessage, Message } from 'kafkajs';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';

/** Default of max.message.bytes, minus the size of a batch's headers. */
const largestBytes = 1_048_588 - 500;

const order = (customerId: number, more: Partial<Order['order']> = {}): Order =>
  buildNewOrder(customerId, { order: { id: 1, product: 'toy', quantity: 1, ...more } });

const deepArrays = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** Unreadable orders. Each must arrive in dead_letters, unchanged, with this code. */
export const unreadable: readonly { name: string; what: string; code: string; value(): string | null }[] = [
  { name: 'invalid-json', what: 'an order that is not JSON', code: 'invalid_json', value: () => '{"order": {"id": 5,' },
  { name: 'tombstone', what: 'an order without a value', code: 'tombstone', value: () => null },
  {
    name: 'wrong-types',
    what: 'an order whose customer is a word and whose quantity is negative',
    code: 'wrong_shape',
    value: () => JSON.stringify({ ...order(1), customer: { id: 'five' }, order: { id: 1, product: 7, quantity: -1 } }),
  },
  {
    name: 'negative-quantity',
    what: 'an order of -5 pieces, which the stock must not count',
    code: 'wrong_shape',
    value: () => JSON.stringify(order(1, { quantity: -5 })),
  },
  {
    name: 'huge-quantity',
    what: 'an order of 9007199254740993 pieces, which the stock must not count',
    code: 'wrong_shape',
    value: () => JSON.stringify(order(1)).replace('"quantity":1', '"quantity":9007199254740993'),
  },
  {
    name: 'deep-column',
    what: 'an order whose product is 20,000 nested arrays',
    code: 'nested_too_deeply',
    value: () => JSON.stringify(order(1)).replace('"toy"', deepArrays),
  },
  {
    name: 'deep-beside',
    what: 'an order with 20,000 nested arrays in an unused field',
    code: 'nested_too_deeply',
    value: () => JSON.stringify(order(1)).replace('{', `{"gift":${deepArrays},`),
  },
  {
    name: 'largest',
    what: 'an unreadable order of the maximum message size',
    code: 'invalid_json',
    value: () => 'x'.repeat(largestBytes),
  },
];

/** Messages that no service of the shop sends. */
export const poisonFaults: Fault[] = [
  ...unreadable.map(
    ({ name, what, code, value }): Fault => ({
      name: `poison-${name}`,
      what,
      expect: 'no violation',
      async run(shop) {
        const sent = value();
        const letters = await sendAndAwaitLetters(shop, [{ key: '5', value: sent }], 1);
        const letter = letters[0];
        if (!letter || (letter.value === null ? null : String(letter.value)) !== sent)
          throw new Error('the dead letter differs from the order');
        requireCode(letter, code);
      },
    }),
  ),
  {
    name: 'poison-twice',
    what: 'the same order sent twice within the duplicate window',
    expect: 'no violation',
    async run(shop) {
      const { rows } = await shop.postgres.query<{ id: string }>('SELECT id FROM customers ORDER BY id DESC LIMIT 1');
      const placed = order(Number(rows[0]?.id));
      const message = { key: String(placed.customer.id), value: JSON.stringify(placed) };
      const outcome = shop.tail.expect(placed.order_id);
      const letters = await sendAndAwaitLetters(shop, [message, message], 1);
      await shop.until('the first copy shipped', outcome);
      for (const letter of letters) requireCode(letter, 'duplicate_order');
    },
  },
  {
    name: 'poison-clocks',
    what: 'copies of orders whose producers have clocks half an hour ahead and behind',
    expect: 'no violation',
    async run(shop) {
      const halfAnHour = 30 * 60_000;
      const { rows } = await shop.postgres.query<{ id: string }>('SELECT id FROM customers ORDER BY id DESC LIMIT 1');
      const toMessage = (placed: Order, aheadMs: number): Message => ({
        key: String(placed.customer.id),
        value: JSON.stringify(placed),
        timestamp: String(Date.now() + aheadMs),
      });
      const [first, ahead, behind] = [
        order(Number(rows[0]?.id)),
        order(Number(rows[0]?.id)),
        order(Number(rows[0]?.id)),
      ];
      const outcomes = [first, ahead, behind].map(({ order_id: id }) => shop.tail.expect(id));
      const messages = [
        toMessage(first, 0),
        toMessage(ahead, halfAnHour),
        toMessage(behind, -halfAnHour),
        toMessage(first, 0),
        toMessage(ahead, 0),
        toMessage(behind, 0),
      ];
      const letters = await sendAndAwaitLetters(shop, messages, 3);
      for (const outcome of outcomes) await shop.until('the first copy shipped', outcome);
      for (const letter of letters) requireCode(letter, 'duplicate_order');
    },
  },
  {
    name: 'poison-unknown-product',
    what: 'an order of a product that the shop does not have',
    expect: 'no violation',
    async run(shop) {
      const placed = order(1, { product: 'unicorn' });
      const outcome = shop.tail.expect(placed.order_id);
      await send(shop, shop.topics.orders.topic, [{ key: '1', value: JSON.stringify(placed) }]);
      await shop.until('its outcome', outcome);
    },
  },
  {
    name: 'poison-unknown-customer',
    what: 'an order of a customer who does not exist',
    expect: 'no violation',
    async run(shop) {
      const placed = order(2_000_000_000);
      const outcome = shop.tail.expect(placed.order_id);
      await send(shop, shop.topics.orders.topic, [{ key: '2000000000', value: JSON.stringify(placed) }]);
      const shipment = await shop.until('its outcome', outcome);
      if (shipment.status !== 'undeliverable' || shipment.reason !== 'customer_unknown')
        throw new Error(`unexpected outcome: ${JSON.stringify(shipment)}`);
    },
  },
  {
    name: 'poison-refills',
    what: 'refills that are not JSON, that have no value, and whose amount is a word',
    expect: 'no violation',
    async run(shop) {
      const wrong = {
        id: 1,
        product: 'toy',
        refill: 'many',
        refill_id: randomUUID(),
        refilled_at: new Date().toISOString(),
      };
      await send(shop, shop.topics.refills.topic, [
        { key: 'toy', value: 'no JSON at all' },
        { key: 'toy', value: null },
        { key: 'toy', value: JSON.stringify(wrong) },
      ]);
    },
  },
];

const send = (shop: FaultShop, topic: string, messages: Message[]) => shop.producer.send({ topic, messages });

function requireCode(letter: KafkaMessage, code: string): void {
  const found = String(letter.headers?.[deadLetterHeaders.code]);
  if (found !== code) throw new Error(`the dead letter has the code ${found}, expected ${code}`);
}

/** Sends orders and waits for this number of dead letters. */
async function sendAndAwaitLetters(shop: FaultShop, messages: Message[], count: number): Promise<KafkaMessage[]> {
  const places = new Set<string>();
  const letters: KafkaMessage[] = [];
  const consumer = shop.kafka.consumer({
    groupId: `faults-${randomUUID()}`,
    readUncommitted: false,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: shop.topics.deadLetters.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message }) => {
        const { [deadLetterHeaders.partition]: partition, [deadLetterHeaders.offset]: offset } = message.headers ?? {};
        if (places.has(`${partition}/${offset}`)) letters.push(message);
      },
    });
    // Record each order's partition and offset, which its dead letter names.
    for (const message of messages) {
      const [sent] = await send(shop, shop.topics.orders.topic, [message]);
      places.add(`${sent?.partition}/${sent?.baseOffset}`);
    }
    await shop.until(`${count} dead letters`, async () => {
      if (letters.length >= count) return true;
      // Read again the letters that arrived before their place was recorded.
      for (let partition = 0; partition < shop.topics.deadLetters.partitions; partition++)
        consumer.seek({ topic: shop.topics.deadLetters.topic, partition, offset: '0' });
      await shop.pause(1_000);
      return letters.length >= count;
    });
    return letters;
  } finally {
    await consumer.disconnect();
  }
}
