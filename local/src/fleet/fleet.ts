import type { RunFiles } from '../os/run-file.ts';
import { type ProcessPlan, type SupervisedProcess, superviseProcess } from './supervise.ts';
import { waitUntilReady } from './watch-ready.ts';

export interface Fleet {
  readonly processes: readonly SupervisedProcess[];
  /** Starts each process when the processes that it needs are up, or ready if they have /health. */
  start(): Promise<void>;
  /** Resolves when every service reports that it is ready. */
  ready(): Promise<void>;
  /** Describes the processes that are not running or were never ready. */
  failings(): string[];
  /** Stops the processes that are not up yet, then the others stage by stage, all of a stage at the same time. */
  stop(): Promise<void>;
  /** Kills every process. */
  kill(): Promise<void>;
}

export interface FleetSurroundings {
  logFolder: string;
  runFiles: RunFiles;
  say(text: string): void;
  giveUp(error: Error): void;
  /** Aborted when the shutdown begins. */
  signal: AbortSignal;
}

export function createFleet(plans: readonly ProcessPlan[], surroundings: FleetSurroundings): Fleet {
  const { say, signal } = surroundings;
  const processes = plans.map((plan) => superviseProcess(plan, surroundings));
  /** Promises that settle when others can use the process, by its name. */
  const usable = new Map<string, Promise<void>>();
  const notReady = new Set(processes.filter(({ plan }) => plan.healthPort !== undefined).map(({ plan }) => plan.name));

  /** Resolves when the process has been started; the returned `ready` resolves when it is ready. */
  async function startOne({ plan, start }: SupervisedProcess): Promise<{ ready: Promise<void> }> {
    await Promise.all(plan.needs.map((name) => usable.get(name)));
    if (signal.aborted) return { ready: Promise.resolve() };
    const began = Date.now();
    await start();
    if (signal.aborted) return { ready: Promise.resolve() };
    if (plan.healthPort !== undefined) return { ready: waitForReady(plan.name, plan.healthPort) };
    say(`${plan.name} is up (${seconds(began)})`);
    return { ready: Promise.resolve() };
  }

  async function waitForReady(name: string, healthPort: number): Promise<void> {
    const began = Date.now();
    const isReady = await waitUntilReady(healthPort, signal, (reason) => say(`${name} ${reason}`));
    if (!isReady) return;
    notReady.delete(name);
    say(`${name} is ready (${seconds(began)})`);
  }

  async function stopProcesses(leaving: readonly SupervisedProcess[], what: string): Promise<void> {
    const began = Date.now();
    const inTime = await Promise.all(leaving.map((each) => each.stop()));
    const nameOf = (each: SupervisedProcess) => each.plan.name;
    const names = leaving.filter((each) => each.wasStarted()).map(nameOf);
    if (names.length === 0) return;
    const killed = leaving.filter((_, index) => !inTime[index]).map(nameOf);
    say(`${what} ${names.join(', ')} (${seconds(began)})${killed.length > 0 ? `; killed: ${killed.join(', ')}` : ''}`);
  }

  return {
    processes,
    async start() {
      const starts = processes.map((supervised) => {
        // Begin after all are in `usable`, because a process may be listed before one that it needs.
        const started = Promise.resolve().then(() => startOne(supervised));
        usable.set(
          supervised.plan.name,
          started.then(({ ready }) => ready),
        );
        return started;
      });
      // The next line reports a failed start, so ignore the rejections here.
      void Promise.allSettled(usable.values());
      await Promise.all(starts);
    },
    async ready() {
      await Promise.all(usable.values());
    },
    failings: () =>
      processes.flatMap(({ plan: { name }, isUp }) => {
        if (!isUp()) return [`${name} is not running`];
        return notReady.has(name) ? [`${name} was never ready`] : [];
      }),
    async stop() {
      const unfinished = processes.filter((each) => !each.wasUp());
      await stopProcesses(unfinished, 'stopped the start of');
      const stages = [...new Set(processes.map((each) => each.plan.stopStage))].sort((a, b) => a - b);
      for (const stage of stages)
        await stopProcesses(
          processes.filter((each) => each.plan.stopStage === stage && !unfinished.includes(each)),
          'stopped',
        );
    },
    async kill() {
      await Promise.all(processes.map((each) => each.kill()));
    },
  };
}

const seconds = (since: number) => `${((Date.now() - since) / 1_000).toFixed(1)} s`;
