import { z } from 'zod';
import type { Violation } from '../findings/findings.ts';
import type { Sums } from './inventory-sums.ts';

/** Pull query for ksqlDB's stock. */
export const inventoryQuery = 'SELECT product, total_refills, quantity, moving_inventory FROM final_inventory;';

const row = z.tuple([z.string(), z.number(), z.number(), z.number()]);

/** The sums some time before ksqlDB was asked, and those after its answer, when the topics had been read to their end. */
interface SumRange {
  before: Sums;
  after: Sums;
}

interface InventoryComparison {
  violations: Violation[];
  /** Products whose sums in ksqlDB are below those from before the query: ksqlDB is behind, or has left out a message. */
  behind: string[];
  products: number;
}

/**
 * Compares ksqlDB's FINAL_INVENTORY with sums over the topics (P5). Sums only grow, so a right answer lies between those from
 * before the query and those from after the answer. In a shop at rest the two are equal, and the comparison is exact.
 */
export function compareInventory(rows: readonly unknown[][], { before, after }: SumRange): InventoryComparison {
  const violations: Violation[] = [];
  const behind: string[] = [];
  const answered = new Set<string>();
  for (const columns of rows) {
    const parsed = row.safeParse(columns);
    if (!parsed.success) {
      violations.push({ problem: 'unreadable_row', detail: JSON.stringify(columns).slice(0, 200) });
      continue;
    }
    const [product, refills, ordered, stock] = parsed.data;
    answered.add(product);
    const least = { refills: before.refills.get(product) ?? 0, ordered: before.orders.get(product) ?? 0 };
    const most = { refills: after.refills.get(product), ordered: after.orders.get(product) ?? 0 };
    const addWrong = (column: string, found: number, expected: number) =>
      violations.push({ problem: 'wrong_inventory', product, detail: `${column} ${found}, expected ${expected}` });
    if (most.refills === undefined) violations.push({ problem: 'product_without_refills', product });
    else if (refills > most.refills) addWrong('TOTAL_REFILLS', refills, most.refills);
    if (ordered > most.ordered) addWrong('QUANTITY', ordered, most.ordered);
    if (stock !== refills - ordered) addWrong('MOVING_INVENTORY', stock, refills - ordered);
    if (refills < least.refills || ordered < least.ordered) behind.push(product);
  }
  for (const product of before.refills.keys()) if (!answered.has(product)) behind.push(product);
  return { violations, behind, products: answered.size };
}
