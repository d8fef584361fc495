import type { RunFiles } from '../os/run-file.ts';
import { type ProcessPlan, type SupervisedProcess, superviseProcess } from './supervise.ts';
import { waitUntilReady } from './watch-ready.ts';

export interface Fleet {
  readonly processes: readonly SupervisedProcess[];
  /** Starts every process once the processes it needs are up, and ready if they report that. */
  start(): Promise<void>;
  /** Resolves when every service says that it is ready. */
  ready(): Promise<void>;
  /** What is wrong now: the processes that do not run, or have never said that they are ready. */
  failings(): string[];
  /** Stops at once what is still being started, then the other processes stage by stage, those of a stage at the same time. */
  stop(): Promise<void>;
  /** Ends every process now. */
  kill(): Promise<void>;
}

export interface FleetSurroundings {
  logFolder: string;
  runFiles: RunFiles;
  say(text: string): void;
  giveUp(error: Error): void;
  /** Aborted when the end begins. */
  signal: AbortSignal;
}

export function createFleet(plans: readonly ProcessPlan[], surroundings: FleetSurroundings): Fleet {
  const { say, signal } = surroundings;
  const processes = plans.map((plan) => superviseProcess(plan, surroundings));
  /** Settles when others can use the process. */
  const usable = new Map<string, Promise<void>>();
  const notReady = new Set(processes.filter(({ plan }) => plan.healthPort !== undefined).map(({ plan }) => plan.name));

  /** @returns when it has been started; what `ready` holds settles when it is ready */
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
        // Begins when all of them are known: a process may come before those that it needs.
        const started = Promise.resolve().then(() => startOne(supervised));
        usable.set(
          supervised.plan.name,
          started.then(({ ready }) => ready),
        );
        return started;
      });
      // The line below reports a start that fails; those that wait for the process need not.
      void Promise.allSettled(usable.values());
      await Promise.all(starts);
    },
    async ready() {
      await Promise.all(usable.values());
    },
    failings: () =>
      processes.flatMap(({ plan: { name }, isUp }) => {
        if (!isUp()) return [`${name} does not run`];
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
