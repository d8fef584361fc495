import { availableParallelism, loadavg } from 'node:os';
import { deflateSync } from 'node:zlib';

/** A limit for something that may be slow, in seconds as a quiet machine has them. It ends only what has failed. */
export interface Patience {
  /** Call it while waiting, every second or more often. */
  isOver(): boolean;
  /** Something has moved: all of the time is there again. */
  restart(): void;
}

/** Longest time that counts between two calls, ms: what the waiting process itself waited for tells nothing. */
const longestStepMs = 1_000;

/** @param ms on a quiet machine; a machine that is slow or busy gets more in proportion */
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

/** How many times longer work takes here and now than on a quiet machine like the one that the limits were made for. */
function measureSlowness(): number {
  // With more processes than cores that want to run, each gets its share of one.
  const share = loadavg()[0] ?? 0;
  return ownSlowness() * Math.max(1, share / availableParallelism());
}

let known: number | undefined;

/** That of the processor alone, by the CPU time of a fixed piece of work. */
function ownSlowness(): number {
  known ??= Math.max(1, measureWork() / referenceMs);
  return known;
}

/** What the machine that the limits were made for needs, ms. */
const referenceMs = 40;

/** The least of three tries. It is not work in JavaScript: that takes four times as long whenever V8 does not compile it. */
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
