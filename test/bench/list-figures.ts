import type { Figure } from './figure.ts';
import { auditFigure } from './figures/audit.ts';
import { changeCustomersFigure } from './figures/change-customers.ts';
import { fanOutFigure } from './figures/fan-out.ts';
import { changeVisibleFigure, ksqldbRestartFigure } from './figures/ksqldb-table.ts';
import { produceOrdersFigure } from './figures/produce-orders.ts';
import { pullByKeyFigure, pullInListsFigure } from './figures/pull-queries.ts';
import { shipLatencyFigure } from './figures/ship-latency.ts';
import { shipOrdersFigure } from './figures/ship-orders.ts';
import { shipOrdersStreamsFigure } from './figures/ship-orders-streams.ts';
import { shipOrdersThreeFigure } from './figures/ship-orders-three.ts';
import { tableSizeFigure } from './figures/table-size.ts';

/** All figures, in the order of the pipeline. */
export const figures: readonly Figure[] = [
  changeCustomersFigure,
  pullByKeyFigure,
  pullInListsFigure,
  changeVisibleFigure,
  ksqldbRestartFigure,
  produceOrdersFigure,
  shipOrdersFigure,
  shipOrdersStreamsFigure,
  shipOrdersThreeFigure,
  shipLatencyFigure,
  fanOutFigure,
  auditFigure,
  tableSizeFigure,
];

/** @throws for a name that no figure has */
export function findFigures(names: readonly string[]): Figure[] {
  return names.map((name) => {
    const figure = figures.find((each) => each.name === name);
    if (!figure) throw new Error(`no figure ${name}; expected ${figures.map((each) => each.name).join(', ')}`);
    return figure;
  });
}
