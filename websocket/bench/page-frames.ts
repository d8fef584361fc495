import { testKafka } from '@shop/test-support';
import { Command } from 'commander';
import { driveShop } from '../test/support/drive-shop.ts';
import { openBrowser } from '../test/support/open-browser.ts';
import { buildPage, openPage } from '../test/support/open-page.ts';
import { produceTo } from '../test/support/produce-to.ts';
import { createShopSimulation } from '../test/support/simulate-shop.ts';
import { startService } from '../test/support/start-service.ts';

const command = new Command('npm run bench:page --')
  .description("Measures the page's frames and memory in a browser, on its own broker or TEST_KAFKA.")
  .option('--events <n>', 'events per second', Number, 2_000)
  .option('--seconds <n>', 'how long', Number, 30)
  .addHelpText('after', '\nExample:\n  npm run bench:page -- --events 500 --seconds 10')
  .parse();
const { events, seconds } = command.opts<{ events: number; seconds: number }>();

await buildPage();
const kafka = await produceTo(testKafka());
const service = await startService(testKafka());
// An order makes an order and a shipment.
const shop = driveShop(createShopSimulation(), kafka.send, { ordersPerSecond: events / 2 });
const browser = await openBrowser();
const { page } = await openPage(browser, service.port);
await page.getByText(/more per second are counted, not listed/).waitFor();

/** Milliseconds between frames, for so many seconds. */
const countFrames = `new Promise((resolve) => {
  const gaps = [];
  let last = performance.now();
  const end = last + ${seconds * 1_000};
  requestAnimationFrame(function frame(now) {
    gaps.push(now - last);
    last = now;
    if (now < end) requestAnimationFrame(frame);
    else resolve(gaps);
  });
})`;
const session = await page.context().newCDPSession(page);
const heapMb = async () => {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return Math.round(usedSize / 1_048_576);
};
const heap = [await heapMb()];
const gaps = (await page.evaluate<number[]>(countFrames)).sort((a, b) => a - b);
heap.push(await heapMb());
const at = (share: number) => Math.round((gaps[Math.floor(gaps.length * share)] ?? 0) * 10) / 10;
const shown = await page.locator('.brand .quiet').innerText();
console.log(
  JSON.stringify({
    shown,
    frames_per_second: Math.round(gaps.length / seconds),
    frame_ms: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    heap_mb: heap,
  }),
);
await shop.stop();
await browser.close();
await service.end();
await kafka.close();
