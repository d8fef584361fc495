import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFlows } from '../../src/shop/flows.ts';
import { createSeconds } from '../../src/shop/seconds.ts';

test('seconds are counted by the messages’ own time, and forgotten after a quarter of an hour', () => {
  let now = 1_000_000_000;
  const seconds = createSeconds(() => now);
  seconds.countOrder(now - 60_000);
  seconds.countOrder(now + 5_000); // a clock ahead of this one
  seconds.countOrder(now - 3_600_000);
  assert.deepEqual(
    seconds.since(0).map(({ second, orders }) => [second, orders]),
    [
      [999_940, 1],
      [1_000_000, 1],
    ],
  );
  now += 16 * 60_000;
  seconds.countOrder(now);
  assert.equal(seconds.since(0).length, 1);
});

test('percentiles come from every shipment of the time asked for', () => {
  const now = 1_000_000_000;
  const seconds = createSeconds(() => now);
  for (let ms = 1; ms <= 100; ms += 1) seconds.countShipment(now - ms * 100, 'delivered', ms);
  seconds.countShipment(now - 120_000, 'delivered', 60_000);
  seconds.countShipment(now, 'undeliverable');
  const waits = seconds.waits(60);
  assert.ok(waits && waits.p50 >= 49 && waits.p50 <= 51 && waits.p99 >= 98 && waits.p99 <= 100, JSON.stringify(waits));
  assert.equal(waits.count, 100);
  assert.equal(createSeconds().waits(60), null);
});

test('rates are means over full seconds, and do not count messages from before the start', () => {
  let now = 1_000_000_500;
  const flows = createFlows(() => now);
  flows.count('a', true);
  for (let i = 0; i < 50; i += 1) flows.count('a', false);
  assert.deepEqual(flows.flows(), [{ topic: 'a', total: 51, per_second: 0 }]);
  now += 1_000;
  assert.equal(flows.flows()[0]?.per_second, 10);
  assert.equal(flows.quietMs(), 1_000);
  now += 10_000;
  assert.equal(flows.flows()[0]?.per_second, 0);
});
