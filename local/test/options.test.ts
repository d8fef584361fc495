import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
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
    without: [],
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
    without: [],
    scale: {},
    portOffset: 0,
    brokers: 1,
    json: false,
    cloud: false,
  });
});

test('--without takes lists, and may be repeated', () => {
  const { without } = readOptions(['--without', 'updater,kafka', '--without', 'shipping-service'], processes, services);
  assert.deepEqual(without, ['updater', 'kafka', 'shipping-service']);
});

test('--without refuses unknown names, and contradictions', (t) => {
  assert.match(readError(t, '--without parcels'), /There is no process parcels\. There are: kafka, updater/);
  assert.match(
    readError(t, '--only kafka --without updater'),
    /'--without <names>' cannot be used with option '--only/,
  );
  assert.match(
    readError(t, '--scale updater=2 --without updater'),
    /--scale starts updater, and --without leaves it out/,
  );
});

/** Reads wrong flags. @returns what the command says before it ends */
function readError(t: TestContext, words: string): string {
  let said = '';
  const exit = t.mock.method(process, 'exit', () => {
    throw new Error('the process ends');
  });
  const write = t.mock.method(process.stderr, 'write', (text: string) => {
    said += text;
    return true;
  });
  assert.throws(() => readOptions(words.split(' '), processes, services), /the process ends/);
  exit.mock.restore();
  write.mock.restore();
  return said;
}
