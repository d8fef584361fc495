import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../src/options.ts';

const processes = ['kafka', 'updater', 'shipping-service'];
const services = ['updater', 'shipping-service'];

test('reads every flag', () => {
  const words =
    '--duration 90 --fresh --only kafka,updater --scale updater=2 --scale shipping-service=3 --port-offset 100 --brokers 3 --json';
  assert.deepEqual(readOptions(words.split(' '), processes, services), {
    duration: 90,
    fresh: true,
    clean: false,
    only: ['kafka', 'updater'],
    scale: { updater: 2, 'shipping-service': 3 },
    portOffset: 100,
    brokers: 3,
    json: true,
    cloud: false,
  });
});

test('starts everything once by default', () => {
  assert.deepEqual(readOptions([], processes, services), {
    fresh: false,
    clean: false,
    scale: {},
    portOffset: 0,
    brokers: 1,
    json: false,
    cloud: false,
  });
});
