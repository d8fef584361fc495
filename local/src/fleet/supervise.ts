import { describeError, pause, settingExitCode, toError } from '@shop/common';
import type { Ending } from '../os/end-process.ts';
import { openProcessLog } from '../os/process-log.ts';
import type { RunFiles } from '../os/run-file.ts';
import type { RunningProcess } from '../os/start-process.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import { ProcessError } from '../processes/wait-until-up.ts';

export interface ProcessPlan {
  name: string;
  /** Processes that must be up before this one is started; those that this fleet does not start do not count. */
  needs: readonly string[];
  /** Lower ones are stopped first. */
  stopStage: number;
  /** Resolves when it is up. @throws ProcessError when the process failed; any other error needs the user */
  start(host: ProcessHost): Promise<RunningProcess>;
  /** Address of /health, for a process that reports when it is ready. */
  healthPort?: number;
}

export interface SupervisedProcess {
  readonly plan: ProcessPlan;
  /** Up now, and not between two starts. */
  isUp(): boolean;
  /** Has been up at least once. */
  wasUp(): boolean;
  /** The code of its last end; null for a signal, and while it has not ended. */
  exitCode(): number | null;
  /** Has or had a process. */
  wasStarted(): boolean;
  /** Starts it and keeps it running; resolves when it is up for the first time, or will never be. */
  start(): Promise<void>;
  /** Stops it for good, also in the middle of a start. False when it had to be killed. */
  stop(): Promise<boolean>;
  kill(): Promise<void>;
}

export interface Surroundings {
  logFolder: string;
  runFiles: RunFiles;
  say(text: string): void;
  /** Called when a restart cannot help. */
  giveUp(error: Error): void;
}

/** Why a process is restarted, with the last lines that it printed. */
interface Failure {
  readonly problem: string;
  readonly lines: readonly string[];
}

const firstBackOffMs = 500;
const longestBackOffMs = 30_000;
/** After this time, the next exit counts as the first one again. */
const settledAfterMs = 60_000;

/**
 * Starts a process, and restarts it when it ends by itself, also while it comes up, as `restart: unless-stopped` does in
 * compose. Gives up only on what the user must fix.
 */
export function superviseProcess(
  plan: ProcessPlan,
  { logFolder, runFiles, say, giveUp }: Surroundings,
): SupervisedProcess {
  const { name } = plan;
  const log = openProcessLog(logFolder, name);
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: RunningProcess | undefined;
  let up = false;
  let wasUp = false;
  let exitCode: number | null = null;
  let keeping: Promise<void> = Promise.resolve();

  const host: ProcessHost = {
    name,
    log,
    say,
    onProcess(process: RunningProcess, ending: Ending) {
      current = process;
      try {
        runFiles.note(name, process, ending);
      } catch (error) {
        // For example on a full disk. Only a start after a kill -9 of this one needs the file.
        say(`${name} runs, but its note cannot be written: ${describeError(error)}`);
      }
      if (signal.aborted) void process.kill();
    },
  };

  /** @returns undefined when it must not be restarted */
  async function runOnce(onUp: () => void): Promise<Failure | undefined> {
    try {
      const running = await plan.start(host);
      if (!signal.aborted) markUp(onUp);
      const end = await running.ended;
      up = false;
      exitCode = end.code ?? null;
      if (signal.aborted) return undefined;
      if (end.code === settingExitCode) throw new ProcessError(host, 'stopped because of a setting', end.code);
      return { problem: `${name} ended by itself (${end.text})`, lines: log.lastLines(end.code === 0 ? 0 : 5) };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof ProcessError) exitCode = error.exitCode ?? null;
      if (error instanceof ProcessError && error.exitCode !== settingExitCode) return error;
      // An error that is not a process's was caused by the checkout or the machine: on the first start the user must fix it.
      if (wasUp && !(error instanceof ProcessError)) return { problem: describeError(error), lines: [] };
      giveUp(toError(error));
      return undefined;
    }
  }

  function markUp(onUp: () => void): void {
    up = true;
    if (wasUp) say(`${name} is up again`);
    wasUp = true;
    onUp();
  }

  async function keepRunning(onUp: () => void): Promise<void> {
    for (let backOffMs = firstBackOffMs; ; backOffMs = Math.min(backOffMs * 2, longestBackOffMs)) {
      const began = Date.now();
      const failure = await runOnce(onUp);
      if (failure === undefined) return;
      if (Date.now() - began > settledAfterMs) backOffMs = firstBackOffMs;
      const lines = failure.lines.map((line) => `\n    ${line.slice(0, 300)}`).join('');
      say(`${failure.problem}; starting it again in ${backOffMs / 1_000} s${lines}`);
      if (!(await pause(backOffMs, signal))) return;
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
    wasUp: () => wasUp,
    exitCode: () => exitCode,
    wasStarted: () => current !== undefined,
    async start() {
      if (signal.aborted) return;
      await new Promise<void>((resolve, reject) => {
        keeping = keepRunning(resolve);
        keeping.then(resolve, reject);
      });
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
