import { percentile } from '../../bench/spread.ts';
import type { OrderRecords } from '../collect-orders.ts';
import type { Figures, InjectedFault } from './report.ts';

/** Longest time to the outcome of an order that counts as fast, ms. */
const inTimeMs = 5_000;

/** Speed of the service. @param orders those placed before the last verdict */
export function computeFigures(orders: OrderRecords, faults: readonly InjectedFault[]): Figures {
  const settled = [...orders.values()].flatMap(({ placedAt, outcomes: [first] }) =>
    first ? [{ placedAt, settledAt: first.at, tookMs: first.at - placedAt }] : [],
  );
  const took = settled.map(({ tookMs }) => tookMs);
  const times = settled.flatMap(({ placedAt, settledAt }) => [placedAt, settledAt]);
  const [from, to] = times.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [
    Number.POSITIVE_INFINITY,
    0,
  ] as [number, number]);
  const calm = settled.filter(({ placedAt }) => !faults.some((fault) => isDuring(fault, placedAt)));
  return {
    orders: settled.length,
    perSecond: settled.length === 0 ? 0 : settled.length / Math.max(1, (to - from) / 1_000),
    p50Ms: percentile(took, 0.5),
    p99Ms: percentile(took, 0.99),
    calm: calm.length,
    calmInTime: calm.filter(({ tookMs }) => tookMs <= inTimeMs).length,
  };
}

const isDuring = ({ from, recoveredAt = Number.POSITIVE_INFINITY }: InjectedFault, at: number): boolean =>
  at >= from && at <= recoveredAt;
