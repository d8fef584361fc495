import type { Second } from '../../../src/messages/shop-seconds.ts';

/** Values by time, as the charts take them: the first column holds seconds since 1970, `null` is a hole. */
export type Columns = [number[], ...(number | null)[][]];

/** What a chart shows of a second, and how several seconds become one point. */
export interface Reading {
  /** `null` for a hole, `undefined` to keep the value before it. */
  read(second: Second | undefined): number | null | undefined;
  together: 'mean' | 'highest' | 'last';
}

export interface Span {
  /** The last second shown; one that is under way is not over and would look like a drop. */
  until: number;
  /** Seconds. */
  length: number;
  /** Seconds that become one point, so that a long time stays readable. */
  step: number;
}

/** The last seconds as columns, one row for every step, also for those in which nothing happened. */
export function toColumns(seconds: readonly Second[], { until, length, step }: Span, readings: Reading[]): Columns {
  const bySecond = new Map(seconds.map((second) => [second.second, second]));
  // Steps begin at full multiples, so that a point does not change once it is past.
  const end = Math.floor((until + 1) / step) * step;
  const points = Math.floor(length / step);
  const starts = Array.from({ length: points }, (_, index) => end - (points - index) * step);
  const columns = readings.map((reading) => {
    let last = valueBefore(seconds, starts[0] ?? end, reading);
    return starts.map((start) => {
      const values: (number | null)[] = [];
      for (let second = start; second < start + step; second += 1) {
        const value = reading.read(bySecond.get(second));
        if (value !== undefined) last = value;
        values.push(last);
      }
      return join(values, reading.together);
    });
  });
  return [starts, ...columns];
}

function join(values: (number | null)[], together: Reading['together']): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (together === 'highest') return Math.max(...known);
  if (together === 'last') return known.at(-1) ?? null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function valueBefore(seconds: readonly Second[], from: number, { read, together }: Reading): number | null {
  if (together !== 'last') return null;
  for (const second of seconds.toReversed()) {
    const value = second.second < from ? read(second) : undefined;
    if (value !== undefined) return value;
  }
  return null;
}
