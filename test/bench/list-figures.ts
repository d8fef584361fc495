import type { Figure } from './figure.ts';
import { produceOrdersFigure } from './figures/produce-orders.ts';
import { pullByKeyFigure, pullInListsFigure } from './figures/pull-queries.ts';
import { shipOrdersFigure } from './figures/ship-orders.ts';

/** All figures, in the order of the pipeline. */
export const figures: readonly Figure[] = [produceOrdersFigure, shipOrdersFigure, pullByKeyFigure, pullInListsFigure];

/** @throws for a name that no figure has */
export function findFigures(names: readonly string[]): Figure[] {
  return names.map((name) => {
    const figure = figures.find((each) => each.name === name);
    if (!figure) throw new Error(`no figure ${name}; expected ${figures.map((each) => each.name).join(', ')}`);
    return figure;
  });
}
