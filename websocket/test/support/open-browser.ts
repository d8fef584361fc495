import chromium from '@sparticuz/chromium';
import { type Browser, type LaunchOptions, chromium as playwright } from 'playwright-core';

/**
 * A real Chromium: the one CHROMIUM_PATH names, the one from npm (Linux), or the system's Chrome. It is given no sandbox,
 * which root and many containers cannot have; it sees nothing but our own page.
 */
export async function openBrowser({ args: own = [], env }: Pick<LaunchOptions, 'args' | 'env'> = {}): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH'];
  const args = ['--no-sandbox', '--disable-dev-shm-usage', ...own];
  const options = { ...(env && { env }) };
  if (named) return playwright.launch({ ...options, executablePath: named, args });
  if (process.platform !== 'linux') return playwright.launch({ ...options, channel: 'chrome', args });
  const executablePath = await chromium.executablePath();
  return playwright.launch({ ...options, executablePath, args: [...args, '--headless=shell'] });
}
