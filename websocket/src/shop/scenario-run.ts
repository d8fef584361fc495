import type { CommandResult, ServiceStatus } from '@shop/common';
import { z } from 'zod';
import type { ScenarioLine } from '../messages/commands.ts';
import { endOfProcess } from './end-of-process.ts';

/** How long a scenario is shown after its time, ms. */
const shownMs = 60_000;

/** What websocket answers when it starts a scenario. */
const started = z.object({ name: z.string(), about: z.string(), seconds: z.number() });

/** The last scenario that websocket ran, read from the results of commands: so a restart of websocket forgets none. */
export interface ScenarioRun {
  noteResult(result: CommandResult): void;
  noteStatus(status: ServiceStatus): void;
  /** `null` when none has run for a while. */
  line(): ScenarioLine | null;
}

export function createScenarioRun(now: () => number = Date.now): ScenarioRun {
  let last: { line: ScenarioLine; answered: CommandResult } | undefined;

  function end(how: 'reset' | 'interrupted', at: number): void {
    if (last?.line.ended === null && at < last.line.until) last.line.ended = how;
  }

  return {
    noteResult(result) {
      if (result.target !== 'websocket' || result.status !== 'done') return;
      const since = Date.parse(result.at);
      if (result.command === 'reset') end('reset', since);
      const read = started.safeParse(result);
      // With added partitions, results are read in another order.
      const isOlder = last !== undefined && since < last.line.since;
      if (result.command !== 'scenario' || !read.success || isOlder) return;
      const { name, about, seconds } = read.data;
      last = { answered: result, line: { name, about, since, until: since + seconds * 1_000, ended: null } };
    },
    noteStatus(status) {
      const at = last && endOfProcess(last.answered, status);
      if (at !== undefined) end('interrupted', at);
    },
    line() {
      if (!last || now() > last.line.until + shownMs) return null;
      return { ...last.line, ended: last.line.ended ?? (now() >= last.line.until ? 'complete' : null) };
    },
  };
}
