import { type Audit, type Check, type CheckResult, openAudit, readAuditSettings } from '@shop/audit';
import { createPatience, type Patience } from '@shop/test-support';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';

/** What is new since the last verdict. */
export interface Verdict {
  violations: number;
  /** Cases checked since the last verdict, all promises together. */
  cases: number;
  /** One line for each promise that is broken, or could not be checked. */
  lines: string[];
  broken: Check[];
  unchecked: Check[];
}

export interface Judge {
  /**
   * Stops order-service until every order has an outcome, then the other sources too, waits until all is
   * decided, and returns what is broken now and was not before.
   *
   * @param expected which promises may stay broken; with `detected` one of them must be
   */
  judge(expected?: Pick<Fault, 'expect' | 'breaks'>): Promise<Verdict>;
  /**
   * Holds all sources and looks until one of these promises is newly broken, with a customer and an order.
   *
   * @returns promise, problem, customer and order
   * @throws when nothing has moved for long, and none is
   */
  untilNamed(checks: readonly Check[]): Promise<string>;
}

/** How long a shop may make no progress until what is undecided or broken for now stays so, ms on a quiet machine. */
const patienceMs = 60_000;
const betweenRoundsMs = 250;

/** One audit for all faults of a shop, so that topics are read once. */
export async function openJudge(shop: FaultShop): Promise<Judge> {
  // A difference that comes right later is withdrawn, so a short SETTLE_MS changes no verdict: losses are named sooner.
  const settings = readAuditSettings({ ...shop.env, CUSTOMERS_PER_ROUND: '100000', SETTLE_MS: '5000' });
  const audit = await openAudit({ kafka: shop.kafka, topics: shop.topics, settings }, shop.context);
  let before = new Map<Check, CheckResult>();

  return {
    async judge({ expect, breaks = [] } = { expect: 'no violation' }) {
      try {
        shop.holdOrders();
        // Of orders that are lost for good there is nothing to wait for.
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
 * Customers register and move meanwhile: an order of a customer who registered and left while nothing was captured waits until
 * others are seen to come through.
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

/** One round. Kafka may not answer for a while after a fault. @throws when it does not answer and patience is over */
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
  /** Whether one of `breaks` has to be broken. */
  required: boolean;
}

/** Nothing is broken but what may be, and nothing is undecided any more, or what has to be broken is. */
function isDecided(audit: Audit, results: readonly CheckResult[], { before, breaks, required }: Expectation): boolean {
  if (results.some(({ state }) => state === 'unchecked')) return false;
  const broken = results.filter((result) => countFresh(result, before) > 0);
  if (broken.some(({ check }) => !breaks.includes(check))) return false;
  return required ? broken.length > 0 : !audit.undecided();
}

/** Looks until all is decided, or nothing has moved for long. */
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
      // Twice: what a slow part had on its way may come after the first look.
      if (soundRounds === 2 || patience.isOver()) return results;
    }
    await shop.pause(betweenRoundsMs);
  }
}

const countFresh = (result: CheckResult, before: ReadonlyMap<Check, CheckResult>) =>
  Math.max(0, result.violations - (before.get(result.check)?.violations ?? 0));

function compare(before: ReadonlyMap<Check, CheckResult>, results: readonly CheckResult[]): Verdict {
  const verdict: Verdict = { violations: 0, cases: 0, lines: [], broken: [], unchecked: [] };
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
