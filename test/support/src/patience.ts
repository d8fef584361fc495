import { availableParallelism, loadavg } from 'node:os';
import { deflateSync } from 'node:zlib';

/** A time limit that grows with the machine's load. It ends only what has failed. */
export interface Patience {
  /** Call it while waiting, every second or more often. */
  isOver(): boolean;
  /** Gives back all of the time, because something has moved. */
  restart(): void;
}

/** Longest time that counts between two calls, ms. A longer gap means that the waiting process itself did not run. */
const longestStepMs = 1_000;

/** @param ms limit on a quiet machine; a slow or busy machine gets more in proportion */
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

/** How many times longer work takes now than on the quiet machine that the limits were made for. */
function measureSlowness(): number {
  // With more runnable processes than cores, each gets its share of one core.
  const share = loadavg()[0] ?? 0;
  return ownSlowness() * Math.max(1, share / availableParallelism());
}

let known: number | undefined;

/** Slowness of the processor alone, from the CPU time of a fixed piece of work. */
function ownSlowness(): number {
  known ??= Math.max(1, measureWork() / referenceMs);
  return known;
}

/** CPU time of that work on the machine that the limits were made for, ms. */
const referenceMs = 40;

/** Returns the shortest of three tries. It is not JavaScript, which takes four times as long where V8 does not compile it. */
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
