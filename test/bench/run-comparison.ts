import { createClosers } from '@shop/common';
import { checkAnswers } from './check-answers.ts';
import type { Comparison, Contestant, Figure, Role, Round, Target } from './figure.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface ContestantResult extends Spread {
  role: Role;
  what: string;
  /** The value of each round. */
  rounds: number[];
  /** Medians of the other values. */
  also: Record<string, number>;
}

interface TargetResult extends Target {
  /** The value or the ratio that the limit is for. */
  reached: number;
  met: boolean;
}

export interface ComparisonResult {
  figure: string;
  label: string;
  unit: string;
  higherIsBetter: boolean;
  contestants: ContestantResult[];
  /** `ours` divided by each other contestant, from the ratios of each round. */
  ratios: Partial<Record<Role, Spread>>;
  targets: TargetResult[];
}

export interface RoundPlan {
  rounds: number;
  /** Rounds before, which are checked but not counted. */
  warmUps: number;
  say(line: string): void;
}

/**
 * Lets the contestants run in alternating rounds. Each round starts with another contestant.
 *
 * @throws WrongAnswer when a message of a round was lost, doubled or wrong
 */
export async function runComparison(
  figure: Pick<Figure, 'name' | 'unit' | 'higherIsBetter'>,
  { label, contestants, targets }: Comparison,
  { rounds, warmUps, say }: RoundPlan,
): Promise<ComparisonResult> {
  const measured = new Map<Contestant, Round[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    const first = Math.max(round, 0) % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const result = await runRound(label, contestant);
      const place = round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`;
      say(`${label}, ${place}: ${contestant.what}: ${format(result.value)} ${figure.unit}`);
      if (round >= 0) measured.get(contestant)?.push(result);
    }
  }
  const results = contestants.map((contestant) => summarise(contestant, measured.get(contestant) ?? []));
  const ratios = compare(results);
  return {
    figure: figure.name,
    label,
    unit: figure.unit,
    higherIsBetter: figure.higherIsBetter,
    contestants: results,
    ratios,
    targets: targets.map((target) => judge(target, results, ratios, figure.higherIsBetter)),
  };
}

async function runRound(label: string, contestant: Contestant): Promise<Round> {
  const closers = createClosers();
  try {
    const round = await contestant.run({ after: closers.add });
    checkAnswers(`${label}, ${contestant.what}`, round.answers);
    return round;
  } finally {
    await closers.closeAll();
  }
}

function summarise({ role, what }: Contestant, rounds: readonly Round[]): ContestantResult {
  const names = Object.keys(rounds[0]?.also ?? {});
  const medianOf = (name: string) => spreadOf(rounds.map(({ also }) => also?.[name] ?? Number.NaN)).median;
  const values = rounds.map(({ value }) => value);
  const also = Object.fromEntries(names.map((name) => [name, medianOf(name)]));
  return { role, what, ...spreadOf(values), rounds: values, also };
}

function compare(results: readonly ContestantResult[]): ComparisonResult['ratios'] {
  const ours = results.find(({ role }) => role === 'ours');
  const others = results.filter((result) => result !== ours);
  return Object.fromEntries(
    others.map(({ role, rounds }) => [
      role,
      spreadOf(rounds.map((value, round) => (ours?.rounds[round] ?? Number.NaN) / value)),
    ]),
  );
}

function judge(
  target: Target,
  results: readonly ContestantResult[],
  ratios: ComparisonResult['ratios'],
  higherIsBetter: boolean,
): TargetResult {
  const ours = results.find(({ role }) => role === 'ours');
  const reached = (target.against === 'value' ? ours?.median : ratios[target.against]?.median) ?? Number.NaN;
  return { ...target, reached, met: higherIsBetter ? reached >= target.limit : reached <= target.limit };
}

const format = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 });
