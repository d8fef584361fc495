import path from 'node:path';
import { describeError } from '@shop/common';
import { type Judge, openJudge, type Verdict } from './audit/judge.ts';
import type { Fault } from './fault.ts';
import { type FaultShop, type Load, openFaultShop } from './shop/fault-shop.ts';
import { recover } from './shop/recovery.ts';

export interface Outcome {
  name: string;
  what: string;
  expect: Fault['expect'];
  found: 'no violation' | 'detected' | 'named' | 'not recovered' | 'not injected' | 'not checked';
  passed: boolean;
  /** Time from clearing the fault to the recovery; absent if the shop never recovered. */
  recoverySeconds?: number;
  cases: number;
  /** What the audit named while the fault lasted, for faults with a witness. */
  named: string[];
  /** The audit's lines, or the error. */
  lines: string[];
}

export interface RunPlan {
  faults: readonly Fault[];
  /** Faults that are injected one after the other and audited once at the end. */
  sequence: readonly Fault[];
  load: Load;
  signal: AbortSignal;
  say(line: string): void;
}

/** Runs the faults on one shop, and those that leave traces on a second one. A failed fault ends its shop. */
export async function runFaults({ faults, sequence, ...plan }: RunPlan): Promise<Outcome[]> {
  const survived = await runGroup(
    faults.filter(({ apart }) => !apart),
    sequence,
    plan,
  );
  const apart = await runGroup(
    faults.filter(({ apart }) => apart),
    [],
    plan,
  );
  return [...survived, ...apart];
}

async function runGroup(
  faults: readonly Fault[],
  sequence: readonly Fault[],
  { load, signal, say }: Pick<RunPlan, 'load' | 'signal' | 'say'>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let left = faults;
  let sequenceLeft = sequence.length > 0;
  while (left.length > 0 || sequenceLeft) {
    await inShop({ load, signal, say }, async (shop, judge) => {
      while (left.length > 0) {
        const [fault] = left;
        if (!fault) return;
        left = left.slice(1);
        const outcome = await runOne([fault], fault, { shop, judge, say });
        outcomes.push(outcome);
        if (!outcome.passed) return;
      }
      if (!sequenceLeft) return;
      sequenceLeft = false;
      const names = sequence.map(({ name }) => name).join(', ');
      const whole = { name: 'sequence', what: `one after the other: ${names}`, expect: 'no violation' } as const;
      outcomes.push(await runOne(sequence, whole, { shop, judge, say }));
    });
  }
  return outcomes;
}

async function inShop(
  { load, signal, say }: Pick<RunPlan, 'load' | 'signal' | 'say'>,
  act: (shop: FaultShop, judge: Judge) => Promise<void>,
): Promise<void> {
  say(
    `starting a shop with ${load.ordersPerSecond} orders and ${load.movesPerSecond} address changes a second, on ${load.brokers} broker${load.brokers === 1 ? '' : 's'}`,
  );
  const shop = await openFaultShop(load, signal);
  try {
    const judge = await openJudge(shop);
    await recover(shop, Date.now());
    const verdict = await judge.judge();
    if (verdict.lines.length > 0)
      throw new Error(`the shop had violations before the first fault: ${verdict.lines.join('; ')}`);
    await act(shop, judge);
  } finally {
    await shop.close();
  }
}

interface Tools {
  shop: FaultShop;
  judge: Judge;
  say(line: string): void;
}

type Described = Pick<Fault, 'name' | 'what' | 'expect' | 'breaks'>;

async function runOne(faults: readonly Fault[], whole: Described, { shop, judge, say }: Tools): Promise<Outcome> {
  const { name, what, expect } = whole;
  say(`${name}: ${what}`);
  const named: string[] = [];
  const outcome: Outcome = { name, what, expect, found: 'not injected', passed: false, cases: 0, named, lines: [] };
  try {
    let recovery = 0;
    for (const fault of faults) {
      outcome.found = 'not injected';
      await fault.run(shop, { untilNamed: async (checks) => void named.push(await judge.untilNamed(checks)) });
      outcome.found = 'not recovered';
      recovery = Math.max(recovery, await recover(shop, Date.now()));
    }
    outcome.recoverySeconds = recovery;
    outcome.found = 'not checked';
    const verdict = await judge.judge(whole);
    outcome.cases = verdict.cases;
    outcome.lines = verdict.lines;
    outcome.found = nameVerdict(verdict, whole, named);
    outcome.passed = outcome.found === expect && verdict.broken.every((check) => whole.breaks?.includes(check));
  } catch (error) {
    shop.context.signal.throwIfAborted();
    outcome.lines = [describeError(error)];
  }
  const recovered = outcome.recoverySeconds?.toFixed(1) ?? '-';
  say(
    `  ${outcome.passed ? 'ok' : 'FAILED'}: ${outcome.found}, recovered in ${recovered} s, ${outcome.cases} cases checked`,
  );
  for (const line of named) say(`  named while it lasted: ${line}`);
  for (const line of outcome.lines) say(`  ${line}`);
  if (!outcome.passed) {
    shop.keepData();
    say(`  the shop's logs stay in ${path.join(shop.data, 'log')}`);
  }
  return outcome;
}

function nameVerdict(
  { violations, unchecked }: Verdict,
  { expect }: Pick<Fault, 'expect'>,
  named: readonly string[],
): Outcome['found'] {
  if (unchecked.length > 0) return 'not checked';
  if (expect === 'named' && named.length > 0) return 'named';
  return violations > 0 ? 'detected' : 'no violation';
}
