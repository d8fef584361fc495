import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { ShopError } from '../../src/errors.ts';
import { createReport } from '../../src/service/report.ts';
import { waitUntilDone } from '../../src/service/wait-until-done.ts';

function createWaiting() {
  const lines: { msg: string; dependency?: string }[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const ending = new AbortController();
  const report = createReport();
  report.setState('ready');
  return { waiting: { logger, report, signal: ending.signal }, lines, ending, report };
}

const quick = { firstDelayMs: 1, longestDelayMs: 2 };

test('says once that it waits and once that the waiting is over, however many tries it takes', async () => {
  const { waiting, lines, report } = createWaiting();
  let tries = 0;
  const states: string[] = [];
  const result = await waitUntilDone(
    'Kafka',
    async () => {
      states.push(report.snapshot().state);
      if (++tries < 6) throw new Error('not there');
      return 'there';
    },
    waiting,
    quick,
  );
  assert.equal(result, 'there');
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['waiting for a dependency', 'the dependency is available'],
  );
  assert.deepEqual(new Set(states.slice(1)), new Set(['waiting']));
  assert.equal(report.snapshot().state, 'ready');
});

test('gives up at once when trying again cannot help', async () => {
  const { waiting, lines } = createWaiting();
  let tries = 0;
  const attempt = () => {
    tries++;
    return Promise.reject(new ShopError('login', 'refused'));
  };
  await assert.rejects(waitUntilDone('Kafka', attempt, waiting, quick), /refused/);
  assert.equal(tries, 1);
  assert.deepEqual(lines, []);
});

test('ends with the signal', async () => {
  const { waiting, ending } = createWaiting();
  const running = waitUntilDone('Kafka', () => Promise.reject(new Error('away')), waiting, { firstDelayMs: 60_000 });
  ending.abort(new Error('the end'));
  await assert.rejects(running, /the end/);
});
