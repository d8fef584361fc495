import { describeError, pause, settingExitCode, toError } from '@shop/common';
import type { Ending } from '../os/end-process.ts';
import { openProcessLog } from '../os/process-log.ts';
import type { RunFiles } from '../os/run-file.ts';
import type { RunningProcess } from '../os/start-process.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import { ProcessError } from '../processes/wait-until-up.ts';

export interface ProcessPlan {
  name: string;
  /** Processes that must be up before this one starts; names of processes outside this fleet are ignored. */
  needs: readonly string[];
  /** Processes with a lower stage stop first. */
  stopStage: number;
  /** Resolves when the process is up. @throws ProcessError when it failed; any other error is for the user to fix */
  start(host: ProcessHost): Promise<RunningProcess>;
  /** Address of /health, for a process that reports when it is ready. */
  healthPort?: number;
}

export interface SupervisedProcess {
  readonly plan: ProcessPlan;
  /** Whether the process is up now. */
  isUp(): boolean;
  /** Whether it has been up at least once. */
  wasUp(): boolean;
  /** Its last exit code; null for a signal, and before its first exit. */
  exitCode(): number | null;
  /** Whether a process was ever started. */
  wasStarted(): boolean;
  /** Starts it and keeps it running. Resolves when it is up for the first time, or when that has become impossible. */
  start(): Promise<void>;
  /** Stops it for good, also during a start. Resolves to false when it had to be killed. */
  stop(): Promise<boolean>;
  kill(): Promise<void>;
  /** Kills it once, and resolves when it is up again. It is restarted as after any other end. */
  crash(): Promise<void>;
  /** Freezes it for so many ms. */
  freeze(ms: number): Promise<void>;
}

export interface Surroundings {
  logFolder: string;
  runFiles: RunFiles;
  say(text: string): void;
  /** Called when a restart cannot help. */
  giveUp(error: Error): void;
}

/** The reason for a restart, with the process's last lines. */
interface Failure {
  readonly problem: string;
  readonly lines: readonly string[];
}

const firstBackOffMs = 500;
const longestBackOffMs = 30_000;
/** Time after which an exit resets the back-off, ms. */
const settledAfterMs = 60_000;

/**
 * Starts a process and restarts it whenever it ends by itself, even before it is up, as compose does with
 * `restart: unless-stopped`. Gives up only on errors that the user must fix.
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
  /** Called when the process is up the next time. */
  const awaiting: (() => void)[] = [];

  const host: ProcessHost = {
    name,
    log,
    say,
    onProcess(process: RunningProcess, ending: Ending) {
      current = process;
      try {
        runFiles.note(name, process, ending);
      } catch (error) {
        // For example, the disk is full. Continue: only the start after a kill -9 of this one needs the file.
        say(`${name} is running, but its run file cannot be written: ${describeError(error)}`);
      }
      if (signal.aborted) void process.kill();
    },
  };

  /** Starts the process and waits for its end. @returns undefined when it must not be restarted */
  async function runOnce(onUp: () => void): Promise<Failure | undefined> {
    try {
      const running = await plan.start(host);
      if (!signal.aborted) markUp(onUp);
      const end = await running.ended;
      up = false;
      exitCode = end.code ?? null;
      if (signal.aborted) return undefined;
      if (end.code === settingExitCode) throw new ProcessError(host, 'stopped because of an invalid setting', end.code);
      return { problem: `${name} ended by itself (${end.text})`, lines: log.lastLines(end.code === 0 ? 0 : 5) };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof ProcessError) exitCode = error.exitCode ?? null;
      if (error instanceof ProcessError && error.exitCode !== settingExitCode) return error;
      // Any other error comes from the checkout or the machine. On the first start, the user must fix it.
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
    for (const each of awaiting.splice(0)) each();
  }

  async function keepRunning(onUp: () => void): Promise<void> {
    for (let backOffMs = firstBackOffMs; ; backOffMs = Math.min(backOffMs * 2, longestBackOffMs)) {
      const began = Date.now();
      const failure = await runOnce(onUp);
      if (failure === undefined) return;
      if (Date.now() - began > settledAfterMs) backOffMs = firstBackOffMs;
      const lines = failure.lines.map((line) => `\n    ${line.slice(0, 300)}`).join('');
      say(`${failure.problem}; restarting it in ${backOffMs / 1_000} s${lines}`);
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
    async crash() {
      const upAgain = new Promise<void>((resolve) => awaiting.push(resolve));
      await current?.kill();
      await upAgain;
    },
    async freeze(ms) {
      await current?.freeze(ms);
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
