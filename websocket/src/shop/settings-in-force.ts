import { type CommandResult, isTimed, type ServiceStatus } from '@shop/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { SettingsLine } from '../messages/commands.ts';
import { endOfProcess } from './end-of-process.ts';

/** Services that are remembered. */
const mostServices = 20;

/** The settings among the fields of an answer. */
const settings = z.object({
  orders_per_second: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  inserted: z.number().optional(),
  moved: z.number().optional(),
  deleted: z.number().optional(),
  interval_ms: z.number().optional(),
});

interface InForce extends SettingsLine {
  answered: CommandResult;
  /** When the service goes back to its settings, ms since 1970. */
  until: number;
}

/** What commands have set, by the services' answers, until each service goes back to its settings or restarts. */
export interface SettingsInForce {
  noteResult(result: CommandResult): void;
  noteStatus(status: ServiceStatus): void;
  lines(): SettingsLine[];
}

export function createSettingsInForce(now: () => number = Date.now): SettingsInForce {
  const known = new LRUCache<string, InForce>({ max: mostServices });

  /** What a command adds to: nothing after `reset`, and nothing whose time is over. */
  function before({ target, command, at }: CommandResult): InForce | undefined {
    const found = command === 'reset' ? undefined : known.get(target);
    return found && found.until > Date.parse(at) ? found : undefined;
  }

  return {
    noteResult(result) {
      const { target, command, status, at } = result;
      const read = settings.safeParse(result);
      if (status !== 'done' || !read.success || Object.keys(read.data).length === 0) return;
      const earlier = before(result);
      const seconds = isTimed(command) ? Number(result['seconds']) : 0;
      known.set(target, {
        target,
        answered: result,
        fields: { ...earlier?.fields, ...(read.data as Record<string, number>) },
        // The last command with a time decides for all of them.
        until: seconds > 0 ? Date.parse(at) + seconds * 1_000 : (earlier?.until ?? Number.POSITIVE_INFINITY),
      });
    },
    noteStatus(status) {
      const inForce = known.get(status.service);
      if (inForce && endOfProcess(inForce.answered, status) !== undefined) known.delete(status.service);
    },
    lines: () =>
      [...known.values()].filter(({ until }) => until > now()).map(({ target, fields }) => ({ target, fields })),
  };
}
