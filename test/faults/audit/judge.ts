import { type Audit, type Check, type CheckResult, openAudit, readAuditSettings } from '@shop/audit';
import { createPatience, type Patience } from '@shop/test-support';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';

/** The audit's findings since the last verdict. */
export interface Verdict {
  violations: number;
  /** Number of cases checked since the last verdict, over all promises. */
  cases: number;
  /** One line for each promise that is broken or could not be checked. */
  lines: string[];
  broken: Check[];
  unchecked: Check[];
  /** All results of the audit, violations before the last verdict included. */
  results: readonly CheckResult[];
}

export interface Judge {
  /**
   * Stops order-service until every order has an outcome, then the other sources. Waits until every case is decided,
   * and returns the new violations.
   *
   * @param expected the promises that may stay broken; with `detected`, one of them must be broken
   */
  judge(expected?: Pick<Fault, 'expect' | 'breaks'>): Promise<Verdict>;
  /**
   * Holds all sources and waits until the audit reports a new violation of these promises, with customer and order.
   *
   * @returns promise, problem, customer and order as text
   * @throws when the audit makes no progress for a long time
   */
  untilNamed(checks: readonly Check[]): Promise<string>;
}

/** Time without progress after which open and broken cases are final, ms on a quiet machine. */
const patienceMs = 60_000;
const betweenRoundsMs = 250;

/** Opens one audit for all faults of a shop, so that it reads the topics once. */
export async function openJudge(shop: FaultShop): Promise<Judge> {
  // The audit withdraws a temporary difference, so a short SETTLE_MS changes no verdict, but reports losses sooner.
  const settings = readAuditSettings({ ...shop.env, CUSTOMERS_PER_ROUND: '100000', SETTLE_MS: '5000' });
  const audit = await openAudit({ kafka: shop.kafka, topics: shop.topics, settings }, shop.context);
  let before = new Map<Check, CheckResult>();

  return {
    async judge({ expect, breaks = [] } = { expect: 'no violation' }) {
      try {
        shop.holdOrders();
        // Lost orders never get an outcome, so do not wait for them.
        if (!breaks.includes('P1')) await settleOrders(audit, shop);
        shop.holdSources();
        const results = await settle(audit, { before, breaks, required: expect === 'detected' }, shop);
        const verdict = compare(before, results);
        before = new Map(results.map((result) => [result.check, result]));
        return verdict;
      } finally {
        shop.releaseSources();
      }
    },

    async untilNamed(checks) {
      try {
        shop.holdSources();
        const patience = createPatience(patienceMs);
        while (!patience.isOver()) {
          if ((await look(audit, false, patience)) && audit.idleMs === 0) patience.restart();
          for (const result of audit.results()) {
            if (!checks.includes(result.check) || countFresh(result, before) === 0) continue;
            const named = result.first.find((each) => each.customer_id !== undefined && each.order_id !== undefined);
            if (named)
              return `${result.check} ${named.problem}, customer ${named.customer_id}, order ${named.order_id}`;
          }
          await shop.pause(betweenRoundsMs);
        }
        throw new Error(`the audit named no customer with an order in ${checks.join(', ')}`);
      } finally {
        shop.releaseSources();
      }
    },
  };
}

/**
 * Waits until every order has an outcome. Meanwhile customers register and move: the order of a customer who came and
 * left uncaptured waits until later changes arrive.
 */
async function settleOrders(audit: Audit, shop: FaultShop): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  const patience = createPatience(patienceMs);
  while (!patience.isOver()) {
    await look(audit, false, patience);
    const orders = audit.results().find(({ check }) => check === 'P1');
    const open = orders?.figures['open'] ?? least;
    if (orders?.state !== 'unchecked' && open === 0) return;
    if (open < least || audit.reading) patience.restart();
    least = Math.min(open, least);
    await shop.pause(betweenRoundsMs);
  }
}

/** Runs one audit round. Kafka may not answer for a while after a fault. @throws when the time limit is over */
async function look(audit: Audit, quiet: boolean, patience: Patience): Promise<boolean> {
  try {
    await audit.round(quiet);
    return true;
  } catch (error) {
    if (patience.isOver()) throw error;
    return false;
  }
}

interface Expectation {
  before: ReadonlyMap<Check, CheckResult>;
  breaks: readonly Check[];
  /** Whether one of `breaks` must be broken. */
  required: boolean;
}

/** Whether only expected promises are broken, and either every case is decided or a required violation was found. */
function isDecided(audit: Audit, results: readonly CheckResult[], { before, breaks, required }: Expectation): boolean {
  if (results.some(({ state }) => state === 'unchecked')) return false;
  const broken = results.filter((result) => countFresh(result, before) > 0);
  if (broken.some(({ check }) => !breaks.includes(check))) return false;
  return required ? broken.length > 0 : !audit.undecided();
}

/** Repeats the audit until every case is decided or it makes no progress for a long time. */
async function settle(audit: Audit, expected: Expectation, shop: FaultShop): Promise<CheckResult[]> {
  let soundRounds = 0;
  const patience = createPatience(patienceMs);
  let idleMs = 0;
  for (;;) {
    if (await look(audit, true, patience)) {
      if (audit.idleMs < idleMs || audit.idleMs === 0) patience.restart();
      idleMs = audit.idleMs;
      const results = audit.results();
      soundRounds = isDecided(audit, results, expected) ? soundRounds + 1 : 0;
      // Look twice, because messages of a slow service may arrive after the first look.
      if (soundRounds === 2 || patience.isOver()) return results;
    }
    await shop.pause(betweenRoundsMs);
  }
}

const countFresh = (result: CheckResult, before: ReadonlyMap<Check, CheckResult>) =>
  Math.max(0, result.violations - (before.get(result.check)?.violations ?? 0));

function compare(before: ReadonlyMap<Check, CheckResult>, results: readonly CheckResult[]): Verdict {
  const verdict: Verdict = { violations: 0, cases: 0, lines: [], broken: [], unchecked: [], results };
  for (const result of results) {
    const former = before.get(result.check);
    verdict.cases += Math.max(0, result.cases - (former?.cases ?? 0));
    const fresh = countFresh(result, before);
    verdict.violations += fresh;
    if (fresh > 0) verdict.broken.push(result.check);
    if (result.state === 'unchecked') {
      verdict.unchecked.push(result.check);
      verdict.lines.push(`${result.check} not checked: ${result.text}`);
    } else if (fresh > 0)
      verdict.lines.push(`${result.check} ${fresh} new: ${result.text} ${JSON.stringify(result.first.slice(-3))}`);
  }
  return verdict;
}
