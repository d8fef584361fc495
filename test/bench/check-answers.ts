import type { Answers } from './figure.ts';

/** A round whose messages were lost, doubled or wrong. Its value means nothing. */
export class WrongAnswer extends Error {
  override name = 'WrongAnswer';
}

/** @throws WrongAnswer unless every expected message arrived once, with the right content */
export function checkAnswers(who: string, { expected, distinct, received, wrong }: Answers): void {
  const problems = [
    expected > 0 ? undefined : 'no message was expected',
    distinct < expected ? `${expected - distinct} of ${expected} lost` : undefined,
    distinct > expected ? `${distinct - expected} more than the ${expected} expected` : undefined,
    received > distinct ? `${received - distinct} arrived twice` : undefined,
    wrong > 0 ? `${wrong} wrong` : undefined,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new WrongAnswer(`${who}: ${problems.join(', ')}`);
}

/** Counts numbered messages, from 0 to `expected` − 1. */
export function createAnswerCount(expected: number): { add(index: number, right?: boolean): void; answers: Answers } {
  const seen = new Uint8Array(expected);
  const answers = { expected, distinct: 0, received: 0, wrong: 0 };
  return {
    answers,
    add(index, right = true) {
      answers.received += 1;
      if (!right || !(index >= 0 && index < expected)) answers.wrong += 1;
      if (seen[index] !== 0) return;
      seen[index] = 1;
      answers.distinct += 1;
    },
  };
}
