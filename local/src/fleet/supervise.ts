import { pause, settingExitCode } from '@shop/common';
import type { PartHost } from '../parts/part.ts';
import { PartError } from '../parts/wait-until-up.ts';
import type { Ending } from '../process/end-process.ts';
import { openPartLog } from '../process/part-log.ts';
import type { RunFiles } from '../process/run-file.ts';
import type { ProcessEnd, RunningProcess } from '../process/start-process.ts';

export interface PartPlan {
  name: string;
  /** Parts that must be up before this one is started; those that are not part of this fleet do not count. */
  needs: readonly string[];
  /** Lower ones are stopped first. */
  stopStage: number;
  /** Resolves when the part is up. */
  start(host: PartHost): Promise<RunningProcess>;
  /** Where /health answers, for a part that tells itself when it is ready. */
  healthPort?: number;
}

export interface Part {
  readonly plan: PartPlan;
  /** Up now, and not between two starts. */
  isUp(): boolean;
  /** The code of its last end; null for a signal, and while it has not ended. */
  exitCode(): number | null;
  /** Has or had a process. */
  wasStarted(): boolean;
  /** Starts it and keeps it running. @throws PartError when the first start fails */
  start(): Promise<void>;
  /** False when it had to be killed. */
  stop(): Promise<boolean>;
  kill(): Promise<void>;
}

export interface PartSurroundings {
  logFolder: string;
  runFiles: RunFiles;
  say(text: string): void;
  /** Called when starting it again cannot help. */
  giveUp(error: Error): void;
}

const firstBackOffMs = 500;
const longestBackOffMs = 30_000;
/** After running so long, the next end counts as the first again. */
const settledAfterMs = 60_000;

/** Starts a part again when it ends by itself, as `restart: unless-stopped` does in compose. */
export function createPart(plan: PartPlan, { logFolder, runFiles, say, giveUp }: PartSurroundings): Part {
  const { name } = plan;
  const log = openPartLog(logFolder, name);
  const stopping = new AbortController();
  let current: RunningProcess | undefined;
  let up = false;
  let exitCode: number | null = null;
  let keeping: Promise<void> = Promise.resolve();

  const host: PartHost = {
    name,
    log,
    onProcess(process: RunningProcess, ending: Ending) {
      current = process;
      runFiles.note(name, process, ending);
      if (stopping.signal.aborted) void process.kill();
    },
  };

  async function startOnce(): Promise<RunningProcess> {
    const running = await plan.start(host);
    up = true;
    return running;
  }

  async function keepRunning(first: RunningProcess): Promise<void> {
    let running = first;
    let began = Date.now();
    let backOffMs = firstBackOffMs;
    for (;;) {
      const end = await running.ended;
      up = false;
      exitCode = end.code ?? null;
      if (stopping.signal.aborted) return;
      if (Date.now() - began > settledAfterMs) backOffMs = firstBackOffMs;
      if (end.code === settingExitCode) return giveUp(new PartError(host, 'stopped because of a setting', end.code));
      say(describeEnd(name, end, backOffMs, log.lastLines(end.code === 0 ? 0 : 5)));
      for (let again: RunningProcess | undefined; !again; ) {
        if (!(await pause(backOffMs, stopping.signal))) return;
        backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
        began = Date.now();
        again = await tryAgain(backOffMs);
        if (again) running = again;
        else if (stopping.signal.aborted) return;
      }
      say(`${name} is up again`);
    }
  }

  async function tryAgain(backOffMs: number): Promise<RunningProcess | undefined> {
    try {
      return await startOnce();
    } catch (error) {
      if (!stopping.signal.aborted)
        say(`${error instanceof Error ? error.message : String(error)}\nnext try in ${backOffMs / 1_000} s`);
      return undefined;
    }
  }

  async function end(how: (process: RunningProcess) => Promise<boolean>): Promise<boolean> {
    stopping.abort();
    const inTime = current ? await how(current) : true;
    await keeping;
    runFiles.forget(name);
    await log.close();
    return inTime;
  }

  return {
    plan,
    isUp: () => up,
    exitCode: () => exitCode,
    wasStarted: () => current !== undefined,
    async start() {
      if (stopping.signal.aborted) return;
      keeping = keepRunning(await startOnce());
    },
    stop: () => end((process) => process.stop()),
    async kill() {
      await end(async (process) => {
        await process.kill();
        return false;
      });
    },
  };
}

function describeEnd(name: string, end: ProcessEnd, backOffMs: number, lines: string[]): string {
  const tail = lines.map((line) => `\n    ${line.slice(0, 300)}`).join('');
  return `${name} ended by itself (${end.text}); starting it again in ${backOffMs / 1_000} s${tail}`;
}
