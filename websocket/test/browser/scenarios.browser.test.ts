import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo, button, commandsTopic, followCommands, openPlay } from '../support/play-shop.ts';
import { sharePage } from '../support/share-page.ts';
import { startService } from '../support/start-service.ts';

/** Only one service of a broker obeys the commands for websocket. */
const shared = sharePage({ env: commandsTopic, ownBroker: true });

test('every visitor sees a scenario run, the sliders follow it, and it ends for all of them', async (t) => {
  const { browser, kafka, service } = shared();
  const [mine, other] = [await openPlay(browser, service.port), await openPlay(browser, service.port)];
  t.after(() => Promise.all([mine.close(), other.close()]));
  const nextCommand = await followCommands(t, kafka.kafka);
  await button(mine.page, 'Quiet night').click();
  await kafka.send([answerTo(await nextCommand('set-traffic'), { orders_per_second: 200, seconds: 60 })]);
  for (const { page } of [mine, other]) {
    await page.getByText('“Quiet night” runs: for a minute, hardly an order').waitFor();
    await page.getByRole('timer').filter({ hasText: ' s left' }).waitFor();
    assert.equal(await button(page, 'Flash sale').isDisabled(), true);
    await page.getByText('order-service will place 200 orders a second.').waitFor();
  }
  await button(other.page, 'Back to normal').click();
  await kafka.send([answerTo(await nextCommand('reset', 'order-service'), { orders_per_second: 5, min: 1, max: 5 })]);
  for (const { page } of [mine, other]) {
    await page.getByText('A visitor ended “Quiet night”.').waitFor();
    await page.getByText('order-service will place 5 orders a second.').waitFor();
  }
});

test('a scenario that a restart interrupts is reported as interrupted', async (t) => {
  const { browser, broker, service } = shared();
  const { page, close } = await openPlay(browser, service.port);
  t.after(close);
  await button(page, 'Moving day').click();
  await page.getByText('“Moving day” runs').waitFor();
  await service.end('SIGKILL');
  const restarted = await startService(broker, { ...commandsTopic, PORT: String(service.port) });
  t.after(() => restarted.end());
  await page.getByText('websocket restarted, so “Moving day” sends no further command.').waitFor();
  assert.equal(await button(page, 'Flash sale').isDisabled(), false);
});
