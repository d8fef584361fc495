import type { KsqldbClient, ShopTopics, TopicFollower } from '@shop/common';
import type { AskDependency } from '../ask-dependency.ts';
import { mostNamed, type Violation } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import { compareInventory, inventoryQuery } from './compare-inventory.ts';
import { createInventorySums, type Sums } from './inventory-sums.ts';

interface InventoryCheckPlan {
  topics: Pick<ShopTopics, 'orders' | 'refills'>;
  follower: Pick<TopicFollower, 'catchUp' | 'starts'>;
  ksqldb: KsqldbClient;
  askKsqldb: AskDependency;
  /** The comparison is exact when nothing has moved for so long, ms of observed time. */
  quietMs: number;
  /** How long ksqlDB may be behind while nothing moves, ms of observed time. */
  settleMs: number;
  /** How long a round waits until the topics are read to their end, ms. */
  patienceMs: number;
}

/** In a busy shop, ksqlDB may be this many rounds behind the topics. */
const roundsBehind = 2;

/** P5: compares ksqlDB's stock with sums over the topics. */
export function createInventoryCheck(plan: InventoryCheckPlan): PromiseCheck {
  const { topics, follower, ksqldb, askKsqldb, quietMs, settleMs, patienceMs } = plan;
  const sums = createInventorySums();
  const earlier: Sums[] = [];
  let cases = 0;
  let violations: Violation[] = [];
  let behind: string[] = [];
  let behindSince: number | undefined;
  let lastRows = '';
  let answers = 0;
  /** Whether a further round cannot decide anything: ksqlDB does not answer, or messages are missing. */
  let isUnavailable = false;
  let unchecked: string | undefined = 'ksqlDB was not asked yet';

  const hasAllMessages = () =>
    [topics.orders.topic, topics.refills.topic].every((topic) =>
      [...follower.starts(topic).values()].every((start) => start === 0),
    );

  return {
    onRecord(record) {
      if (record.topic === topics.orders.topic) sums.readOrder(record);
      else if (record.topic === topics.refills.topic) sums.readRefill(record);
    },

    async round({ observedMs, quiet, idleMs }) {
      if (!hasAllMessages()) {
        isUnavailable = true;
        unchecked = 'the oldest orders or refills were deleted by age, so the sums are unknown';
        return;
      }
      const answer = await askKsqldb(() => ksqldb.pull(inventoryQuery));
      const caughtUp = await follower.catchUp([topics.orders.topic, topics.refills.topic], patienceMs);
      isUnavailable = 'reason' in answer;
      if ('reason' in answer || !caughtUp) {
        unchecked = 'reason' in answer ? answer.reason : 'the topics are still being read';
        return;
      }
      const after = sums.copy();
      earlier.push(after);
      const isExact = quiet || idleMs >= quietMs;
      const before = (isExact ? after : undefined) ?? earlier.at(-1 - roundsBehind);
      if (earlier.length > roundsBehind + 1) earlier.shift();
      if (!before) {
        unchecked = 'ksqlDB was not asked often enough yet';
        return;
      }
      const rows = JSON.stringify(answer.value.rows);
      if (rows !== lastRows) answers += 1;
      lastRows = rows;
      const comparison = compareInventory(answer.value.rows, { before, after });
      cases += comparison.products;
      violations = comparison.violations;
      behind = comparison.behind;
      behindSince = behind.length === 0 || !isExact ? undefined : (behindSince ?? observedMs);
      unchecked = behind.length > 0 ? `ksqlDB is behind: ${behind.slice(0, mostNamed).join(', ')}` : undefined;
    },

    undecided: () => !isUnavailable && unchecked !== undefined,

    get moves() {
      return answers;
    },

    statuses({ observedMs, idleMs }) {
      const isOver = behindSince !== undefined && observedMs - behindSince >= settleMs && idleMs >= settleMs;
      const missing = isOver ? behind.map((product) => ({ problem: 'inventory_behind', product })) : [];
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
