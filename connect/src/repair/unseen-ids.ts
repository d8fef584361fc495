/** Older ids are not asked for: their orders have long been shipped or refused. */
const newestIds = 100_000;
/** A longer gap was left by a sequence that was set, not by customers. */
const longestGap = 10_000;

/**
 * Ids of customers who may have come and left while nothing was captured: those among the newest that nothing is known of.
 *
 * @param last the last id that was given
 */
export function findUnseen(known: readonly number[], last: number): number[] {
  const unseen: number[] = [];
  const oldest = Math.max(0, last - newestIds);
  let next = last + 1;
  for (const id of [...known, 0].sort((a, b) => b - a)) {
    if (id > last) continue;
    if (next - id <= longestGap) for (let each = Math.max(id, oldest) + 1; each < next; each++) unseen.push(each);
    next = id;
    if (id <= oldest) break;
  }
  return unseen;
}
