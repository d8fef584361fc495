import { z } from 'zod';
import type { Violation } from '../findings/findings.ts';
import type { Sums } from './inventory-sums.ts';

/** What is asked of ksqlDB. */
export const inventoryQuery = 'SELECT product, total_refills, quantity, moving_inventory FROM final_inventory;';

const row = z.tuple([z.string(), z.number(), z.number(), z.number()]);

/** The sums a while before ksqlDB was asked, and after its answer had come and all topics were read on to their end. */
export interface Frame {
  before: Sums;
  after: Sums;
}

export interface InventoryVerdict {
  violations: Violation[];
  /** Products of which ksqlDB knows less than was there a while ago: it is behind, or has left something out. */
  behind: string[];
  products: number;
}

/**
 * Compares ksqlDB's FINAL_INVENTORY with sums over the topics (P5). Both sums only grow, so a right answer lies between
 * those from before the question and those from after the answer; with a shop at rest the two are the same, and the
 * comparison is exact.
 */
export function compareInventory(rows: readonly unknown[][], { before, after }: Frame): InventoryVerdict {
  const violations: Violation[] = [];
  const behind: string[] = [];
  const answered = new Set<string>();
  for (const each of rows) {
    const parsed = row.safeParse(each);
    if (!parsed.success) {
      violations.push({ problem: 'unreadable_row', detail: JSON.stringify(each).slice(0, 200) });
      continue;
    }
    const [product, refills, ordered, stock] = parsed.data;
    answered.add(product);
    const least = { refills: before.refills.get(product) ?? 0, ordered: before.orders.get(product) ?? 0 };
    const most = { refills: after.refills.get(product), ordered: after.orders.get(product) ?? 0 };
    const says = (sum: string, found: number, expected: number) =>
      violations.push({ problem: 'wrong_inventory', product, detail: `${sum} ${found}, over the topics ${expected}` });
    if (most.refills === undefined) violations.push({ problem: 'product_without_refills', product });
    else if (refills > most.refills) says('TOTAL_REFILLS', refills, most.refills);
    if (ordered > most.ordered) says('QUANTITY', ordered, most.ordered);
    if (stock !== refills - ordered) says('MOVING_INVENTORY', stock, refills - ordered);
    if (refills < least.refills || ordered < least.ordered) behind.push(product);
  }
  for (const product of before.refills.keys()) if (!answered.has(product)) behind.push(product);
  return { violations, behind, products: answered.size };
}
