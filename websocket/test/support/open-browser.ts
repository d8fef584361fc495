import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * A real Chromium: the one CHROMIUM_PATH names, the one from npm (Linux), or the system's Chrome. It is given no sandbox,
 * which root and many containers cannot have; it sees nothing but our own page.
 */
export async function openBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH'];
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  if (named) return playwright.launch({ executablePath: named, args });
  if (process.platform !== 'linux') return playwright.launch({ channel: 'chrome', args });
  return playwright.launch({ executablePath: await chromium.executablePath(), args: [...args, '--headless=shell'] });
}
