import type { CommandResult, ServiceStatus } from '@shop/common';
import { LRUCache } from 'lru-cache';
import type { FaultLine } from '../messages/commands.ts';
import type { OpenOrders } from './open-orders.ts';

/** Faults that the page shows, and how long. */
const mostFaults = 4;
const shownMs = 10 * 60_000;

interface Fault extends FaultLine {
  instance: string;
  /** When the service cannot have been ready before, by the service's clock. */
  endsAfter: number;
}

/** Services that were crashed or frozen by command, until the orders that waited have their outcomes. */
export interface Faults {
  noteResult(result: CommandResult): void;
  noteStatus(status: ServiceStatus): void;
  /** Called when an order was placed or has its outcome. */
  noteOrders(): void;
  /** Newest first. */
  lines(): FaultLine[];
}

export function createFaults(openOrders: Pick<OpenOrders, 'picture'>, now: () => number = Date.now): Faults {
  const known = new LRUCache<string, Fault>({ max: mostFaults, ttl: shownMs, perf: { now } });

  /** When the oldest order without an outcome was placed. */
  function oldestAt(): number {
    const { count, oldest_ms } = openOrders.picture();
    return count === 0 ? Number.POSITIVE_INFINITY : now() - oldest_ms;
  }

  function noteOrders(): void {
    for (const fault of known.values()) {
      if (fault.caught_up_at !== null) continue;
      fault.most_waiting = Math.max(fault.most_waiting, openOrders.picture().count);
      if (fault.recovered_at !== null && oldestAt() > fault.recovered_at) fault.caught_up_at = now();
    }
  }

  return {
    noteResult({ command_id, target, instance, command, status, at, recovered_at, ...details }) {
      const since = Date.parse(at);
      const former = known.get(command_id);
      if (former && recovered_at !== undefined) {
        former.recovered_at = Date.parse(recovered_at);
        noteOrders();
        return;
      }
      if (status !== 'done' || (command !== 'crash' && command !== 'freeze') || now() - since > shownMs) return;
      const seconds = command === 'freeze' ? Number(details['seconds'] ?? 0) : 0;
      known.set(command_id, {
        command_id,
        service: target,
        instance,
        fault: command,
        since,
        endsAfter: since + seconds * 1_000,
        recovered_at: null,
        caught_up_at: null,
        most_waiting: openOrders.picture().count,
      });
    },
    noteStatus({ service, instance, state, since, at }) {
      if (state !== 'ready') return;
      for (const fault of known.values()) {
        if (fault.recovered_at !== null || fault.service !== service || fault.instance !== instance) continue;
        // A new process has a new state. A frozen one keeps its state, and reports nothing until it continues.
        const readyAt = Date.parse(fault.fault === 'crash' ? since : at);
        if (readyAt >= fault.endsAfter) fault.recovered_at = readyAt;
      }
      noteOrders();
    },
    noteOrders,
    lines: () => [...known.values()].map(({ instance: _, endsAfter: __, ...line }) => line),
  };
}
