import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findNothingSerious } from '../support/find-nothing-serious.ts';
import { looks, openPage } from '../support/open-page.ts';
import { answerTo, button, commandsTopic, followCommands } from '../support/play-shop.ts';
import { sharePage } from '../support/share-page.ts';
import { createShopSimulation } from '../support/simulate-shop.ts';

const shop = createShopSimulation();
const shared = sharePage({ env: commandsTopic, ownBroker: true });

test('a lesson marks its steps while the visitor does them, and the browser keeps the marks', async (t) => {
  const { browser, kafka, service } = shared();
  const { page, complaints, close } = await openPage(browser, service.port);
  t.after(close);
  const nextCommand = await followCommands(t, kafka.kafka);
  const tab = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
  const lesson = page.getByRole('listitem').filter({ hasText: '8. Dead letters' });
  await tab('Learn');
  await lesson.getByText('0 of 2 steps').waitFor();

  await tab('Play');
  await button(page, 'Unreadable').click();
  await kafka.send([answerTo(await nextCommand('set-traffic'), { orders_per_second: 50, seconds: 10 })]);
  await tab('Learn');
  await lesson.getByText('1 of 2 steps').waitFor();

  await tab('Watch');
  await page.getByRole('checkbox', { name: 'dead_letters' }).check({ force: true });
  await kafka.send(shop.deadLetter());
  await page
    .getByRole('list', { name: /^Latest events/ })
    .getByText('Set aside')
    .first()
    .waitFor();
  await tab('Learn');
  await lesson.getByText('done', { exact: true }).first().waitFor();
  await page.getByText('1 of 8 lessons done').waitFor();
  await page.reload();
  await page.getByText('1 of 8 lessons done').waitFor();
  await button(page, 'Start over').click();
  await page.getByText('0 of 8 lessons done').waitFor();
  assert.deepEqual(complaints, []);
});

for (const [name, look] of Object.entries(looks))
  test(`nothing serious for assistive technology: ${name}`, async (t) => {
    const { browser, service } = shared();
    const { page, close } = await openPage(browser, service.port, look);
    t.after(close);
    await page.getByRole('link', { name: 'Learn' }).click();
    await page.evaluate("for (const lesson of document.querySelectorAll('.lesson')) lesson.open = true");
    await findNothingSerious(page);
  });
