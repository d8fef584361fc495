import type { Role } from './figure.ts';
import type { ComparisonResult, ContestantResult } from './run-comparison.ts';
import type { BenchResults } from './run-figures.ts';
import type { Spread } from './spread.ts';

/** The results as a Markdown table, which is also readable as text. Each cell has the median, and the limits of all rounds. */
export function toTable({ comparisons, skipped, wrong }: BenchResults): string {
  const rows = comparisons.map((result) => [
    `\`${result.figure}\`: ${result.label}, ${result.unit}`,
    ...(['ours', 'obvious', 'ceiling'] as const).map((role) => describeContestant(result, role)),
    describeRatio(result.ratios.obvious),
    describeRatio(result.ratios.ceiling),
    result.targets.map((target) => describeTarget(target, result)).join('; '),
  ]);
  const head = ['figure', 'ours', 'obvious', 'ceiling', 'ours / obvious', 'ours / ceiling', 'target'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const notes = [
    ...skipped.map(({ figure, reason }) => `${figure} was skipped: ${reason}`),
    ...wrong.map(({ figure, reason }) => `${figure} FAILED: ${reason}`),
  ];
  return [...lines, ...notes.flatMap((note) => ['', note])].join('\n');
}

function describeContestant({ contestants }: ComparisonResult, role: Role): string {
  const found = contestants.find((contestant) => contestant.role === role);
  return found ? `${describeSpread(found, round)}${describeMore(found)}<br>${found.what}` : '–';
}

const describeMore = ({ also }: ContestantResult) =>
  Object.entries(also)
    .map(([name, value]) => `, ${name} ${round(value)}`)
    .join('');

const describeRatio = (ratio: Spread | undefined) => (ratio ? describeSpread(ratio, round) : '–');

const describeSpread = ({ median, min, max }: Spread, show: (value: number) => string) =>
  min === max ? show(median) : `**${show(median)}** (${show(min)} to ${show(max)})`;

function describeTarget({ against, limit, met }: ComparisonResult['targets'][number], result: ComparisonResult) {
  const sign = result.higherIsBetter ? '≥' : '≤';
  const what = against === 'value' ? `${limit} ${result.unit}` : `${limit} × ${against}`;
  return `${sign} ${what}: ${met ? 'met' : 'NOT met'}`;
}

/** Three digits are more than the spread justifies. */
const round = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
