import type { ServiceStatus } from '@shop/common';
import type { ServiceLine } from '../messages/picture.ts';

/** How long an instance stays in the list without a report, and after it has stopped. */
const forgottenAfterMs = 10 * 60_000;
const stoppedForgottenAfterMs = 30_000;
const mostInstances = 200;

/** The last report of each instance of each service. */
export interface ServiceLines {
  /** @param timestamp when Kafka got it, ms since 1970 */
  note(status: ServiceStatus, timestamp: number): void;
  lines(): ServiceLine[];
}

export function createServiceLines(now: () => number = Date.now): ServiceLines {
  const instances = new Map<string, { status: ServiceStatus; heard: number }>();

  return {
    note(status, timestamp) {
      const id = `${status.service}/${status.instance}`;
      if (instances.size < mostInstances || instances.has(id)) instances.set(id, { status, heard: timestamp });
    },
    lines() {
      for (const [id, { status, heard }] of instances) {
        const limit = status.state === 'stopped' ? stoppedForgottenAfterMs : forgottenAfterMs;
        if (now() - heard > limit) instances.delete(id);
      }
      return [...instances.values()]
        .map(({ status, heard }) => ({
          service: status.service,
          instance: status.instance,
          state: status.state,
          since: status.since,
          waiting_for: status.waiting_for,
          counters: status.counters,
          last_error: status.last_error,
          silent_ms: Math.max(0, now() - heard),
        }))
        .sort((a, b) => a.service.localeCompare(b.service) || a.instance.localeCompare(b.instance));
    },
  };
}
