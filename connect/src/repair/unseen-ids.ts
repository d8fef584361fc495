/** Number of newest ids to check. Orders of older customers have long been shipped or refused. */
const newestIds = 100_000;
/** Longest gap that customers leave. A longer one means that a user set the sequence. */
const longestGap = 10_000;

/**
 * Ids of customers who may have come and left while nothing was captured: the unknown ones among the newest.
 *
 * @param known descending
 * @param last the last id that the sequence gave out
 */
export function* findUnseen(known: Iterable<number>, last: number): Iterable<number> {
  const oldest = Math.max(0, last - newestIds);
  let next = last + 1;
  for (const id of withZero(known)) {
    if (id > last) continue;
    if (next - id <= longestGap) for (let each = Math.max(id, oldest) + 1; each < next; each++) yield each;
    next = id;
    if (id <= oldest) return;
  }
}

function* withZero(known: Iterable<number>): Iterable<number> {
  yield* known;
  yield 0;
}
