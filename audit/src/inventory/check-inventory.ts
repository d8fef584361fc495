import type { KsqldbClient, ShopTopics } from '@shop/common';
import type { Reach } from '../ask-dependency.ts';
import { mostNamed, type Violation } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import type { Following } from '../kafka/follow-topics.ts';
import { compareInventory, inventoryQuery } from './compare-inventory.ts';
import { createInventorySums, type Sums } from './inventory-sums.ts';

export interface InventoryPlan {
  topics: Pick<ShopTopics, 'orders' | 'refills'>;
  following: Following;
  ksqldb: KsqldbClient;
  reachKsqldb: Reach;
  /** When nothing has moved for so long, the comparison is exact, ms of looking. */
  quietMs: number;
  /** How long ksqlDB may be behind while nothing moves, ms of looking. */
  settleMs: number;
  patienceMs: number;
}

/** ksqlDB may know this many rounds less than the topics while the shop is busy. */
const roundsBehind = 2;

/** P5: ksqlDB's stock against sums over the topics. */
export function createInventoryCheck(plan: InventoryPlan): PromiseCheck {
  const { topics, following, ksqldb, reachKsqldb, quietMs, settleMs, patienceMs } = plan;
  const sums = createInventorySums();
  const earlier: Sums[] = [];
  let cases = 0;
  let violations: Violation[] = [];
  let behind: string[] = [];
  let behindSince: number | undefined;
  let lastRows = '';
  let answers = 0;
  /** Asking again is of no use. */
  let away = false;
  let unchecked: string | undefined = 'ksqlDB was not asked yet';

  const isWhole = () =>
    [topics.orders.topic, topics.refills.topic].every((topic) =>
      [...following.starts(topic).values()].every((start) => start === 0),
    );

  return {
    take(record) {
      if (record.topic === topics.orders.topic) sums.readOrder(record);
      else if (record.topic === topics.refills.topic) sums.readRefill(record);
    },

    async round({ looked, quiet, stillMs }) {
      if (!isWhole()) {
        away = true;
        unchecked = 'the oldest orders or refills were deleted by age, so that the sums cannot be told';
        return;
      }
      const answer = await reachKsqldb(() => ksqldb.pull(inventoryQuery));
      const caughtUp = await following.catchUp([topics.orders.topic, topics.refills.topic], patienceMs);
      away = 'reason' in answer;
      if ('reason' in answer || !caughtUp) {
        unchecked = 'reason' in answer ? answer.reason : 'the topics are still being read';
        return;
      }
      const after = sums.copy();
      earlier.push(after);
      const exact = quiet || stillMs >= quietMs;
      const before = (exact ? after : undefined) ?? earlier.at(-1 - roundsBehind);
      if (earlier.length > roundsBehind + 1) earlier.shift();
      if (!before) {
        unchecked = 'ksqlDB was not asked often enough yet';
        return;
      }
      const rows = JSON.stringify(answer.value.rows);
      if (rows !== lastRows) answers += 1;
      lastRows = rows;
      const verdict = compareInventory(answer.value.rows, { before, after });
      cases += verdict.products;
      violations = verdict.violations;
      behind = verdict.behind;
      behindSince = behind.length === 0 || !exact ? undefined : (behindSince ?? looked);
      unchecked = behind.length > 0 ? `ksqlDB is behind: ${behind.slice(0, mostNamed).join(', ')}` : undefined;
    },

    undecided: () => !away && unchecked !== undefined,

    get moves() {
      return answers;
    },

    standings({ looked, stillMs }) {
      const settled = behindSince !== undefined && looked - behindSince >= settleMs && stillMs >= settleMs;
      const missing = settled ? behind.map((product) => ({ problem: 'inventory_behind', product })) : [];
      const current = [...violations, ...missing];
      const { products, left_out } = sums.figures();
      return {
        P5: {
          cases,
          found: [{ count: current.length, first: current.slice(0, mostNamed) }],
          figures: { products, behind: behind.length, left_out },
          unchecked: unchecked ?? (products === 0 ? 'there are no refills' : undefined),
        },
      };
    },
  };
}
