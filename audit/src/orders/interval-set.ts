/**
 * Set of whole numbers, stored as intervals. Its memory grows with the number of gaps, not with the number of members.
 * Offsets arrive almost in order, so almost every change is at the end.
 */
interface IntervalSet {
  add(from: number, to?: number): void;
  delete(member: number): void;
  has(member: number): boolean;
  /** Members from `from` to below `end`, ascending. Skipping those before `from` costs nothing. */
  below(end: number, from?: number): Iterable<number>;
  readonly size: number;
  /** Number of intervals, which determines the memory. */
  readonly intervals: number;
}

export function createIntervalSet(): IntervalSet {
  // starts[i]..ends[i], both inclusive, ascending, never adjacent.
  const starts: number[] = [];
  const ends: number[] = [];
  let size = 0;

  /** The first interval that ends at or after `member`. */
  function find(member: number): number {
    const tail = ends.length - 1;
    if (tail < 0 || (ends[tail] ?? 0) < member) return tail + 1;
    let low = 0;
    let high = tail;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < member) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const lengthOf = (index: number) => (ends[index] ?? 0) - (starts[index] ?? 0) + 1;

  return {
    add(from, to = from) {
      // Joins overlapping and adjacent intervals.
      const at = find(from - 1);
      let start = from;
      let end = to;
      let joined = 0;
      for (let index = at; index < starts.length && (starts[index] ?? 0) <= to + 1; index++) {
        start = Math.min(start, starts[index] ?? start);
        end = Math.max(end, ends[index] ?? end);
        size -= lengthOf(index);
        joined += 1;
      }
      size += end - start + 1;
      if (joined === 1) {
        starts[at] = start;
        ends[at] = end;
      } else {
        starts.splice(at, joined, start);
        ends.splice(at, joined, end);
      }
    },
    delete(member) {
      const at = find(member);
      const start = starts[at];
      const end = ends[at];
      if (start === undefined || end === undefined || start > member) return;
      size -= 1;
      if (start === end) {
        starts.splice(at, 1);
        ends.splice(at, 1);
      } else if (member === start) starts[at] = member + 1;
      else if (member === end) ends[at] = member - 1;
      else {
        starts.splice(at, 1, start, member + 1);
        ends.splice(at, 1, member - 1, end);
      }
    },
    has(member) {
      return (starts[find(member)] ?? Number.POSITIVE_INFINITY) <= member;
    },
    *below(end, from = 0) {
      for (let index = find(from); index < starts.length; index++)
        for (let member = Math.max(from, starts[index] ?? 0); member <= (ends[index] ?? -1); member++) {
          if (member >= end) return;
          yield member;
        }
    },
    get size() {
      return size;
    },
    get intervals() {
      return starts.length;
    },
  };
}
