import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { makeDataFolder, startBroker, testKafka } from '@shop/test-support';
import type { Browser } from 'playwright-core';
import { openBrowser } from './open-browser.ts';
import { buildPage } from './open-page.ts';
import { produceTo } from './produce-to.ts';
import { type RunningService, startService } from './start-service.ts';

/** What the tests of a file use together. */
interface SharedPage {
  browser: Browser;
  /** Address of the broker. */
  broker: string;
  kafka: Awaited<ReturnType<typeof produceTo>>;
  service: RunningService;
  /** Registers what is to end before the broker. */
  onClose(close: () => Promise<unknown>): void;
}

interface PagePlan {
  /** The service's environment. */
  env?: Record<string, string>;
  /** For tests that messages of other files would disturb. */
  ownBroker?: boolean;
  /** Runs before the first test, because the hooks of a file do not wait for each other. */
  prepare?(shared: SharedPage): Promise<void>;
}

/**
 * Before the first test of a file: builds the page, and starts a browser, a producer and the service. Ends them after the last test.
 *
 * @returns gives a test what they share
 */
export function sharePage({ env = {}, ownBroker = false, prepare }: PagePlan = {}): () => SharedPage {
  const closers: (() => Promise<unknown>)[] = [];
  let shared: SharedPage | undefined;

  async function openBroker(): Promise<string> {
    if (!ownBroker) return testKafka();
    const broker = await startBroker({ folder: makeDataFolder() });
    closers.push(() => broker.stop());
    return `127.0.0.1:${broker.port}`;
  }

  before(async () => {
    await buildPage();
    const browser = await openBrowser();
    closers.push(() => browser.close());
    const broker = await openBroker();
    const kafka = await produceTo(broker);
    closers.push(() => kafka.close());
    const service = await startService(broker, env);
    closers.push(() => service.end());
    shared = { browser, broker, kafka, service, onClose: (close) => closers.push(close) };
    await prepare?.(shared);
  });

  after(async () => {
    for (const close of closers.toReversed()) await close();
  });

  return () => shared ?? assert.fail('the page is not open yet');
}
