import { createClosers, describeError } from '@shop/common';
import { WrongAnswer } from './check-answers.ts';
import { type BenchContext, type Figure, Skipped } from './figure.ts';
import { type ComparisonResult, type RoundPlan, runComparison } from './run-comparison.ts';

export interface BenchResults {
  comparisons: ComparisonResult[];
  /** Figures that this machine cannot measure, with the reason. */
  skipped: { figure: string; reason: string }[];
  /** Figures with a wrong answer. */
  wrong: { figure: string; reason: string }[];
}

/** Measures the figures, one after the other. A wrong answer ends its figure, and the others follow. */
export async function runFigures(
  figures: readonly Figure[],
  sizes: Pick<BenchContext, 'quick' | 'large'>,
  plan: RoundPlan,
): Promise<BenchResults> {
  const results: BenchResults = { comparisons: [], skipped: [], wrong: [] };
  for (const figure of figures) {
    const say = (line: string) => plan.say(`${figure.name}: ${line}`);
    const closers = createClosers();
    try {
      for (const comparison of await figure.open({ ...sizes, say, after: closers.add }))
        results.comparisons.push(await runComparison(figure, comparison, { ...plan, say }));
    } catch (error) {
      const found = { figure: figure.name, reason: describeError(error) };
      if (error instanceof Skipped) results.skipped.push(found);
      else if (error instanceof WrongAnswer) results.wrong.push(found);
      else throw error;
      say(found.reason);
    } finally {
      await closers.closeAll();
    }
  }
  return results;
}
