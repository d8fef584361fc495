import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { patchRequestCounts, showRequestCounts } from '../../src/kafka/request-counts.ts';

const require = createRequire(import.meta.url);

test('requests are counted by their name', async () => {
  patchRequestCounts();
  patchRequestCounts();
  const RequestQueue = require('kafkajs/src/network/requestQueue');
  const queue = new RequestQueue({ maxInFlightRequests: null, requestTimeout: 1, logger: { debug() {} } });
  for (const [index, apiName] of ['Fetch', 'Metadata', 'Fetch'].entries())
    queue.push({ entry: { apiName, correlationId: index, resolve() {} }, expectResponse: true, sendRequest() {} });
  const registry = new Registry();
  showRequestCounts(registry);
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const text = await registry.metrics();
    assert.match(text, /^shop_kafka_requests_total\{api="Fetch"\} 2$/m);
    assert.match(text, /^shop_kafka_requests_total\{api="Metadata"\} 1$/m);
  }
});
