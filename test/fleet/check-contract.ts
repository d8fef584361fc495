import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createCommand, deadLetterHeaders, shopTopicNames } from '@shop/common';
import { until } from '@shop/test-support';
import { createContractCheck, readContract } from '../contract/check-messages.ts';
import type { Shop } from './open-shop.ts';

/** Compares all messages that the shop has sent so far, also to a browser, with docs/contract/asyncapi.yaml. */
export async function checkContract(t: TestContext, shop: Shop): Promise<void> {
  const { checkMessage, checkStreamed } = createContractCheck(readContract());

  await t.test('every message is as the contract describes it', async () => {
    const reset = createCommand({ target: 'refill-inventory', command: 'reset' });
    await shop.producer.send({
      topic: 'shop_commands',
      messages: [{ key: reset.target, value: JSON.stringify(reset) }],
    });
    for (const topic of shopTopicNames) {
      // An order waits only when shipping-service is faster than ksqlDB.
      if (topic !== 'orders_waiting') await until(`messages in ${topic}`, () => shop.messages(topic).length > 0);
      const isAllowed = topic === 'customer_orders' ? findRefused(shop) : () => false;
      const wrong = shop.messages(topic).flatMap((message) => {
        const problems = checkMessage(topic, message);
        return problems.length === 0 || isAllowed(message.value) ? [] : [`${message.offset}: ${problems.join(', ')}`];
      });
      assert.deepEqual(wrong, [], topic);
    }
  });

  await t.test('the contract describes as invalid what shipping-service refuses', () => {
    const refused = shop
      .messages('dead_letters')
      .filter(({ headers }) => String(headers?.[deadLetterHeaders.code]) !== 'duplicate_order');
    assert.ok(refused.length > 0);
    for (const message of refused) assert.notDeepEqual(checkMessage('customer_orders', message), []);
  });

  await t.test('a browser receives what the contract describes', () => {
    const streamed: readonly unknown[] = shop.streamed;
    assert.ok(streamed.length > 100);
    assert.deepEqual(streamed.flatMap(checkStreamed), []);
  });
}

/** The values of the dead letters: an invalid order must be one of them. */
function findRefused(shop: Shop): (value: Buffer | null) => boolean {
  const refused = new Set(shop.messages('dead_letters').map(({ value }) => String(value)));
  return (value) => refused.has(String(value));
}
