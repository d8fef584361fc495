import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const buildScript = fileURLToPath(new URL('../../page/build.mjs', import.meta.url));

/** Builds the page, unless it is up to date. */
export async function buildPage(): Promise<void> {
  await promisify(execFile)(process.execPath, [buildScript]);
}

export const looks = {
  desktop: { viewport: { width: 1440, height: 900 } },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} satisfies Record<string, BrowserContextOptions>;

/** Ends a wait of a test that has failed, ms. A busy machine needs more than the 30 s of Playwright. */
const failedAfterMs = 180_000;

/** Opens the page in a new browser context, and collects its errors and warnings. */
export async function openPage(
  browser: Browser,
  port: number,
  options: BrowserContextOptions = looks.desktop,
  path = '/',
) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(failedAfterMs);
  const page: Page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).port !== String(port)) complaints.push(`asked another host: ${request.url()}`);
  });
  await page.goto(`http://127.0.0.1:${port}${path}`);
  return { page, complaints, close: () => context.close() };
}
