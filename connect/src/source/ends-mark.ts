/** The end offset of each partition. */
export type Ends = ReadonlyMap<number, number>;

/** `0:12 1:40`: partitions with their ends. */
export const toEndsMark = (ends: Ends): string =>
  [...ends]
    .toSorted(([a], [b]) => a - b)
    .map(([partition, end]) => `${partition}:${end}`)
    .join(' ');

/** Reads what `toEndsMark` wrote. */
export const readEndsMark = (mark: string): Ends =>
  new Map(
    mark
      .split(' ')
      .filter(Boolean)
      .map((pair) => pair.split(':').map(Number) as [partition: number, end: number]),
  );

/** Whether a partition ends earlier than before, which means that the topic was recreated. */
export const endsEarlier = (now: Ends, before: Ends): boolean =>
  [...before].some(([partition, end]) => (now.get(partition) ?? 0) < end);
