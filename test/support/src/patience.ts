import { availableParallelism, loadavg } from 'node:os';
import { deflateSync } from 'node:zlib';

/** A time limit that grows with the machine's load. */
export interface Patience {
  /** Call it while waiting, every second or more often. */
  isOver(): boolean;
  /** Restarts the limit after progress. */
  restart(): void;
}

/** Maximum time that counts between two calls, ms. In a longer gap, the waiting process itself did not run. */
const longestStepMs = 1_000;

/** @param ms limit on a quiet machine; a slow or busy machine gets proportionally more */
export function createPatience(
  ms: number,
  { now = () => performance.now(), slowness = measureSlowness } = {},
): Patience {
  let lookedAt = now();
  let passedMs = 0;
  return {
    isOver() {
      const stepMs = Math.min(now() - lookedAt, longestStepMs);
      lookedAt = now();
      passedMs += stepMs / slowness();
      return passedMs > ms;
    },
    restart() {
      passedMs = 0;
    },
  };
}

/** How many times longer work takes now than on the quiet machine that the limits are for. */
function measureSlowness(): number {
  // With more runnable processes than cores, each gets its share of one core.
  const share = loadavg()[0] ?? 0;
  return ownSlowness() * Math.max(1, share / availableParallelism());
}

let known: number | undefined;

/** How much slower the processor is, from the CPU time of a fixed task. */
function ownSlowness(): number {
  known ??= Math.max(1, measureWork() / referenceMs);
  return known;
}

/** CPU time of the task on the machine that the limits are for, ms. */
const referenceMs = 40;

/** Returns the shortest of three runs. The task is not JavaScript, which is four times slower without V8's compiler. */
function measureWork(): number {
  const text = Buffer.from(
    Array.from({ length: 60_000 }, (_, n) => `order ${n} of ${(n * 7_919) % 10_007}\n`).join(''),
  );
  return Math.min(
    ...[1, 2, 3].map(() => {
      const before = process.cpuUsage();
      deflateSync(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    }),
  );
}
