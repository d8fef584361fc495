import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnswerCount, WrongAnswer } from './check-answers.ts';
import type { Answers, Comparison, Contestant, Role } from './figure.ts';
import { runComparison } from './run-comparison.ts';

const figure = { name: 'stub', unit: 'orders/s', higherIsBetter: true };
const plan = { rounds: 4, warmUps: 1, say: () => undefined };

/** A contestant that receives these numbers of the messages 0, 1 and 2, and reaches these values, one a round. */
function stub(
  role: Role,
  received: readonly number[],
  values: readonly number[] = [10],
  seen: Role[] = [],
): Contestant {
  let round = 0;
  return {
    role,
    what: role,
    run: async () => {
      seen.push(role);
      return { value: values[round++ % values.length] ?? 0, answers: count(received) };
    },
  };
}

function count(received: readonly number[]): Answers {
  const { add, answers } = createAnswerCount(3);
  for (const index of received) add(index);
  return answers;
}

const compare = (...contestants: Contestant[]): Comparison => ({ label: 'stubs', targets: [], contestants });

for (const [what, received, reason] of [
  ['lost', [0, 2], /ours: 1 of 3 lost$/],
  ['doubled', [0, 1, 1, 2], /ours: 1 arrived twice$/],
  ['doubled while another one is lost', [0, 1, 1], /1 of 3 lost, 1 arrived twice$/],
  ['unknown', [0, 1, 2, 7], /1 wrong$/],
] as const)
  test(`a message that is ${what} fails the round`, async () => {
    await assert.rejects(runComparison(figure, compare(stub('ours', received)), plan), (error) => {
      assert.ok(error instanceof WrongAnswer);
      assert.match(error.message, reason);
      return true;
    });
  });

test('a wrong message fails the round, also when all arrive once', async () => {
  const { add, answers } = createAnswerCount(1);
  add(0, false);
  const ours: Contestant = { role: 'ours', what: 'ours', run: async () => ({ value: 1, answers }) };
  await assert.rejects(runComparison(figure, compare(ours), plan), /1 wrong$/);
});

test('a round that expects no message fails', async () => {
  const { answers } = createAnswerCount(0);
  const ours: Contestant = { role: 'ours', what: 'ours', run: async () => ({ value: 1, answers }) };
  await assert.rejects(runComparison(figure, compare(ours), plan), /no message was expected$/);
});

test('every round starts with another contestant, after a warm-up that does not count', async () => {
  const seen: Role[] = [];
  const all = [0, 1, 2];
  const contestants = (['ours', 'obvious', 'ceiling'] as const).map((role) =>
    stub(role, all, [1_000, 1, 2, 3, 4], seen),
  );
  const { contestants: results } = await runComparison(figure, compare(...contestants), plan);
  assert.deepEqual(
    Array.from({ length: 5 }, (_, round) => seen[3 * round]),
    ['ours', 'ours', 'obvious', 'ceiling', 'ours'],
  );
  assert.deepEqual(
    results.map(({ rounds }) => rounds),
    [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
  );
});

test('the ratio is the median of the ratios of each round, and decides whether a target is met', async () => {
  const all = [0, 1, 2];
  const comparison = {
    ...compare(stub('ours', all, [8, 8, 20, 6]), stub('ceiling', all, [10, 16, 20, 10])),
    targets: [
      { against: 'ceiling', limit: 0.7 },
      { against: 'value', limit: 9 },
    ],
  } as const;
  const more = await runComparison(figure, comparison, { ...plan, warmUps: 0 });
  assert.deepEqual(more.ratios.ceiling, { median: 0.7, min: 0.5, max: 1 });
  assert.deepEqual(
    more.targets.map(({ met }) => met),
    [true, false],
  );

  const less = await runComparison({ ...figure, higherIsBetter: false }, comparison, { ...plan, warmUps: 0 });
  assert.deepEqual(
    less.targets.map(({ met }) => met),
    [true, true],
  );
});
