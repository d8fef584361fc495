import { createRequire } from 'node:module';
import { patchOnce } from './patch-once.ts';

/** What kafkajs 2.2.4 keeps of the requests of one connection. */
export interface RequestQueue {
  inflight: Map<number, { sentAt: number | null; requestTimeout: number; timeoutRequest(): void }>;
  pending: unknown[];
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  /** The end of a pause that the broker asked for, ms since 1970. */
  throttledUntil: number;
  requestTimeoutIntervalId: NodeJS.Timeout | undefined;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  destroy(): void;
  canSendSocketRequestImmediately(): boolean;
  checkPendingRequests(): void;
  sendSocketRequest(request: unknown): void;
  scheduleRequestTimeoutCheck(): void;
  scheduleCheckPendingRequests(): void;
}

const require = createRequire(import.meta.url);
/** Time-outs are seconds long, so a check every second is enough. */
const timeoutCheckMs = 1_000;
/** A request that takes longer is slow, ms. */
const slowMs = 3_000;
const slowListeners = new WeakMap<RequestQueue, () => void>();

/** Calls `listen` about once a second while a request of this connection is slow. */
export function onSlowRequest(queue: RequestQueue, listen: () => void): void {
  slowListeners.set(queue, listen);
}

/**
 * Makes every kafkajs client of this process keep timers only while requests wait. kafkajs 2.2.4 wakes up for each
 * connection a thousand times a second to look for requests to send, and ten times a second to look for time-outs, for as
 * long as the connection is open.
 */
export const patchRequestTimers = patchOnce(() => {
  const queue: RequestQueue = require('kafkajs/src/network/requestQueue').prototype;
  const { destroy, sendSocketRequest } = queue;

  queue.destroy = function () {
    destroy.call(this);
    this.requestTimeoutIntervalId = undefined;
  };
  queue.sendSocketRequest = function (request) {
    sendSocketRequest.call(this, request);
    watchTimeouts(this);
  };
  queue.scheduleRequestTimeoutCheck = function () {
    this.destroy();
    watchTimeouts(this);
  };
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
    const throttledMs = this.throttledUntil - Date.now();
    // Without a throttle the next answer, or its time-out, makes room and checks again.
    if (throttledMs <= 0 && !this.canSendSocketRequestImmediately()) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(0, throttledMs),
    );
  };
});

function watchTimeouts(queue: RequestQueue): void {
  if (!queue.enforceRequestTimeout || queue.requestTimeoutIntervalId || queue.inflight.size === 0) return;
  const timer = setInterval(
    () => {
      const now = Date.now();
      const requests = [...queue.inflight.values()];
      for (const request of requests)
        if (request.sentAt !== null && now - request.sentAt > request.requestTimeout) request.timeoutRequest();
      if (requests.some(({ sentAt }) => sentAt !== null && now - sentAt > slowMs)) slowListeners.get(queue)?.();
      if (queue.inflight.size > 0) return;
      clearInterval(timer);
      if (queue.requestTimeoutIntervalId === timer) queue.requestTimeoutIntervalId = undefined;
    },
    Math.min(queue.requestTimeout, timeoutCheckMs),
  );
  queue.requestTimeoutIntervalId = timer;
}
