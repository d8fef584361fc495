import type { Figures } from './tally.ts';

const grouped = new Intl.NumberFormat('en');

/** Orders that have no outcome yet. */
export const countWaiting = ({ orders, delivered, undeliverable, dead_letters }: Figures): number =>
  Math.max(0, orders - delivered - undeliverable - dead_letters);

/** The line of live figures. */
export function describeFigures(figures: Figures): string {
  const { customers, orders, delivered, undeliverable, dead_letters } = figures;
  const parts: [string, number][] = [
    ['customers', customers],
    ['orders', orders],
    ['shipped', delivered],
    ['undeliverable', undeliverable],
    ['waiting', countWaiting(figures)],
    ['dead letters', dead_letters],
  ];
  return parts.map(([name, count]) => `${name} ${grouped.format(count)}`).join('  ');
}
