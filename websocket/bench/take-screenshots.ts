import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../test/support/open-browser.ts';
import { looks, openPage } from '../test/support/open-page.ts';

// Pictures of a running page for the README: npm run screenshots -w @shop/websocket -- 8080
const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const port = Number(process.argv[2] ?? 8_080);
const browser = await openBrowser();

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
  }
  await close();
}
await browser.close();
