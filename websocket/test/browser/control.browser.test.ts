import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { findFreePort } from '@shop/test-support';
import { answerTo, button, commandLine, commandsTopic, followCommands, openPlay } from '../support/play-shop.ts';
import { sharePage } from '../support/share-page.ts';
import { startService } from '../support/start-service.ts';

const token = 'a-token-of-this-test';
const shared = sharePage({ env: commandsTopic });

test('a slider sends what it says, and another visitor sees the command and its refusal', async (t) => {
  const { browser, kafka, service } = shared();
  const [mine, other] = [await openPlay(browser, service.port), await openPlay(browser, service.port)];
  t.after(() => Promise.all([mine.close(), other.close()]));
  const nextCommand = await followCommands(t, kafka.kafka);
  await mine.page.getByRole('slider', { name: /^orders per second/ }).fill('7');
  await mine.page.getByText('order-service will place 200 orders a second.').waitFor();
  await button(mine.page, 'Set orders').click();
  const sent = await nextCommand('set-rate');
  assert.deepEqual('orders_per_second' in sent && sent.orders_per_second, 200);
  await commandLine(other.page, '200 orders a second').getByText('waiting').waitFor();
  const reason = `refused by ${randomUUID()}`;
  await kafka.send([answerTo(sent, { status: 'refused', reason })]);
  for (const { page } of [mine, other]) {
    const line = commandLine(page, '200 orders a second');
    await line.getByText('refused', { exact: true }).waitFor();
    await line.getByText(reason).waitFor();
  }
  await other.page.getByRole('link', { name: 'Watch' }).click();
  const listed = other.page.getByRole('list', { name: /^Latest events/ });
  await listed.getByText('Command to order-service: 200 orders a second').first().waitFor();
});

test('with commands off the page shows the shop, and offers nothing that changes it', async (t) => {
  const { browser, broker } = shared();
  const quiet = await startService(broker, { ...commandsTopic, SHOP_CONTROL: 'off' });
  t.after(() => quiet.end());
  const { page, close } = await openPlay(browser, quiet.port);
  t.after(close);
  await page.getByText('Commands and queries are off').waitFor();
  await button(page, /^shipping-service/).click();
  assert.equal(await button(page, /^Crash/).count(), 0);
  for (const name of ['Register', 'Set orders', 'Back to normal'])
    assert.equal(await button(page, name).isDisabled(), true, name);
});

test('a wrong token is refused, and the right one sends commands', async (t) => {
  const { browser, broker, kafka } = shared();
  const guarded = await startService(broker, {
    ...commandsTopic,
    SHOP_CONTROL: 'token',
    SHOP_CONTROL_TOKEN: token,
  });
  t.after(() => guarded.end());
  const { page, close } = await openPlay(browser, guarded.port);
  t.after(close);
  const nextCommand = await followCommands(t, kafka.kafka);
  async function useToken(text: string): Promise<void> {
    await page.getByLabel(/SHOP_CONTROL_TOKEN/).fill(text);
    await button(page, 'Use this token').click();
    await button(page, 'Set refills').click();
  }
  await useToken('a-wrong-token-of-this-test');
  await page.getByRole('alert').filter({ hasText: 'The server refused that token.' }).waitFor();
  await commandLine(page, 'refill-inventory').getByText('not sent').waitFor();
  await useToken(token);
  assert.equal((await nextCommand('set-refills')).target, 'refill-inventory');
});

test('without Kafka the page shows that a command was not sent', async (t) => {
  const alone = await startService(`127.0.0.1:${await findFreePort()}`);
  t.after(() => alone.end());
  const { page, close } = await openPlay(shared().browser, alone.port);
  t.after(close);
  await button(page, 'Set orders').click();
  const line = commandLine(page, 'order-service');
  await line.getByText('not sent', { exact: true }).waitFor();
  await line.getByText('Kafka is unavailable. The command was not sent.').waitFor();
});
