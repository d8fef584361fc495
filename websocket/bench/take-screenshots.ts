import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { openBrowser } from '../test/support/open-browser.ts';
import { looks, openPage } from '../test/support/open-page.ts';
import { recordMove } from './record-move.ts';

const command = new Command('npm run screenshots --')
  .description("Takes the README's pictures of a running page, into docs/.")
  .argument('[port]', "the page's port", '8080')
  .addHelpText('after', '\nExample:\n  npm run screenshots -- 8180')
  .parse();
const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const port = Number(command.processedArgs[0]);
const browser = await openBrowser();

/** The other tabs, each with a text that shows when it is complete. */
const tabs = [
  ['Play', 'Flash sale'],
  ['Query', 'The stock'],
  ['Learn', 'Follow one order'],
] as const;

const pictures = {
  desktop: { ...looks.desktop, viewport: { width: 1440, height: 1000 } },
  dark: { ...looks.dark, viewport: { width: 1440, height: 1000 } },
  phone: { ...looks.phone, viewport: { width: 390, height: 1400 } },
};
for (const [name, look] of Object.entries(pictures)) {
  const { page, close } = await openPage(browser, port, look);
  await page
    .getByRole('status')
    .filter({ hasText: /^live$/ })
    .waitFor();
  await page.locator('.move').first().waitFor();
  // The charts are drawn with the first seconds that come.
  await page.locator('.figure.orders .figure-value', { hasText: /[1-9]/ }).waitFor();
  await page.screenshot({ path: path.join(docs, `page-${name}.png`), fullPage: name !== 'phone' });
  if (name === 'desktop') {
    await page.locator('.move').first().click();
    await page.getByRole('dialog').locator('.event').first().waitFor();
    await page.screenshot({ path: path.join(docs, 'page-story.png') });
    await recordMove(page, path.join(docs, 'page-move.webp'));
    await page.getByRole('button', { name: 'Close' }).click();
    for (const [tab, ready] of tabs) {
      await page.getByRole('link', { name: tab }).click();
      await page.getByText(ready).first().waitFor();
      if (tab === 'Query') {
        await page.getByRole('button', { name: ready, exact: true }).click();
        await page.locator('.answer-table').waitFor();
      }
      await page.screenshot({ path: path.join(docs, `page-${tab.toLowerCase()}.png`) });
    }
  }
  await close();
}
await browser.close();
