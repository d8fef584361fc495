import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestLimit } from '../../src/ksqldb/request-limit.ts';

/** A request that a slow server answers after so long, or never within its limit. */
const request = (ms: number) => (signal: AbortSignal) =>
  new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => resolve('rows'), ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

const never = request(3_600_000);
const at = (seconds: string) => ({ message: `no answer within ${seconds} s` });

test('the limit doubles after each answer that comes too late, once for requests at the same time, up to a bound', async () => {
  const limit = createRequestLimit(20);
  await Promise.all([assert.rejects(limit(never), at('0.02')), assert.rejects(limit(never), at('0.02'))]);
  await assert.rejects(limit(never), at('0.04'));
  await assert.rejects(limit(never), at('0.08'));
  await assert.rejects(limit(never), at('0.12'));
  await assert.rejects(limit(never), at('0.12'));
});

test('the limit grows until the answer of a slow server arrives, and a quick answer resets it', async () => {
  const limit = createRequestLimit(200);
  await assert.rejects(limit(never), at('0.2'));
  assert.equal(await limit(request(300)), 'rows');
  assert.equal(await limit(async () => 'rows'), 'rows');
  await assert.rejects(limit(never), at('0.2'));
});

test('another error is passed on, and does not change the limit', async () => {
  const limit = createRequestLimit(20);
  await assert.rejects(
    limit(async () => {
      throw new Error('refused');
    }),
    { message: 'refused' },
  );
  await assert.rejects(limit(never), at('0.02'));
});
