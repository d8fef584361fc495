import type { RunFiles } from '../os/run-file.ts';
import { createPart, type Part, type PartPlan } from './supervise.ts';
import { waitUntilReady } from './watch-ready.ts';

export interface Fleet {
  readonly parts: readonly Part[];
  /** Starts every part once the parts it needs are up, and ready if they say so. */
  start(): Promise<void>;
  /** Resolves when every service says that it is ready. */
  ready(): Promise<void>;
  /** What is wrong now: the parts that do not run, or have never said that they are ready. */
  failings(): string[];
  /** Stops at once what is still being started, then the other parts stage by stage, each part of a stage at the same time. */
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

export function createFleet(plans: readonly PartPlan[], surroundings: FleetSurroundings): Fleet {
  const { say, signal } = surroundings;
  const parts = plans.map((plan) => createPart(plan, surroundings));
  /** Settles when others can use the part. */
  const usable = new Map<string, Promise<void>>();
  const notReady = new Set(parts.filter(({ plan }) => plan.healthPort !== undefined).map(({ plan }) => plan.name));

  /** @returns when it has been started; what `ready` holds settles when it is ready */
  async function startPart({ plan, start }: Part): Promise<{ ready: Promise<void> }> {
    await Promise.all(plan.needs.map((name) => usable.get(name)));
    if (signal.aborted) return { ready: Promise.resolve() };
    const began = Date.now();
    await start();
    if (signal.aborted) return { ready: Promise.resolve() };
    if (plan.healthPort !== undefined) return { ready: waitForPart(plan.name, plan.healthPort) };
    say(`${plan.name} is up (${seconds(began)})`);
    return { ready: Promise.resolve() };
  }

  async function waitForPart(name: string, healthPort: number): Promise<void> {
    const began = Date.now();
    const isReady = await waitUntilReady(healthPort, signal, (reason) => say(`${name} ${reason}`));
    if (!isReady) return;
    notReady.delete(name);
    say(`${name} is ready (${seconds(began)})`);
  }

  async function stopParts(leaving: readonly Part[], what: string): Promise<void> {
    const began = Date.now();
    const inTime = await Promise.all(leaving.map((part) => part.stop()));
    const nameOf = (part: Part) => part.plan.name;
    const names = leaving.filter((part) => part.wasStarted()).map(nameOf);
    if (names.length === 0) return;
    const killed = leaving.filter((_, index) => !inTime[index]).map(nameOf);
    say(`${what} ${names.join(', ')} (${seconds(began)})${killed.length > 0 ? `; killed: ${killed.join(', ')}` : ''}`);
  }

  return {
    parts,
    async start() {
      // In the order of the plans, in which every part comes after those that it needs.
      const starts = parts.map((part) => {
        const started = startPart(part);
        usable.set(
          part.plan.name,
          started.then(({ ready }) => ready),
        );
        return started;
      });
      // The line below reports a start that fails; those that wait for the part need not.
      void Promise.allSettled(usable.values());
      await Promise.all(starts);
    },
    async ready() {
      await Promise.all(usable.values());
    },
    failings: () =>
      parts.flatMap(({ plan: { name }, isUp }) => {
        if (!isUp()) return [`${name} does not run`];
        return notReady.has(name) ? [`${name} was never ready`] : [];
      }),
    async stop() {
      const unfinished = parts.filter((part) => !part.wasUp());
      await stopParts(unfinished, 'stopped the start of');
      const stages = [...new Set(parts.map((part) => part.plan.stopStage))].sort((a, b) => a - b);
      for (const stage of stages)
        await stopParts(
          parts.filter((part) => part.plan.stopStage === stage && !unfinished.includes(part)),
          'stopped',
        );
    },
    async kill() {
      await Promise.all(parts.map((part) => part.kill()));
    },
  };
}

const seconds = (since: number) => `${((Date.now() - since) / 1_000).toFixed(1)} s`;
