import { createRequire } from 'node:module';
import { Counter, type Registry } from 'prom-client';
import { patchOnce } from './patch-once.ts';

interface RequestQueue {
  push(request: { entry: { apiName: string } }): void;
}

const require = createRequire(import.meta.url);
const counts = new Map<string, number>();

/** Counts the requests of every kafkajs client of this process, by Kafka's name for them. */
export const patchRequestCounts = patchOnce(() => {
  const queue: RequestQueue = require('kafkajs/src/network/requestQueue').prototype;
  const { push } = queue;
  queue.push = function (request) {
    const { apiName } = request.entry;
    counts.set(apiName, (counts.get(apiName) ?? 0) + 1);
    push.call(this, request);
  };
});

/** Shows what was counted as `shop_kafka_requests_total`. */
export function showRequestCounts(registry: Registry): void {
  new Counter({
    name: 'shop_kafka_requests_total',
    help: 'Requests that this process has sent to Kafka.',
    labelNames: ['api'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [api, count] of counts) this.inc({ api }, count);
    },
  });
}
