import type { ServiceStatus } from '@shop/common';
import type { ServiceLine } from '../messages/picture.ts';

/** An instance that has said nothing for so long, or has stopped, is taken off the list after a while. */
const forgottenAfterMs = 10 * 60_000;
const stoppedForgottenAfterMs = 30_000;
const mostInstances = 200;

/** What each instance of each service last said of itself. */
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
