import type { Violation } from '../findings/findings.ts';

/** How far a consumer group is in one partition. */
export interface GroupPosition {
  group: string;
  topic: string;
  partition: number;
  /** The next offset to read; a group that has committed nothing stands at the start. */
  committed: number;
  /** The offset after the last message; markers of transactions behind it are no lag. */
  end: number;
}

interface Watched extends GroupPosition {
  /** Since when it has not moved, although there was something to read. */
  stuckSince: number | undefined;
}

/** Watches whether consumers get on (P7). The number of partitions is all that its memory depends on. */
export function createLagWatch(stuckMs: number) {
  const watched = new Map<string, Watched>();

  return {
    note(positions: readonly GroupPosition[], now: number): void {
      for (const position of positions) {
        const id = `${position.group}/${position.topic}/${position.partition}`;
        const known = watched.get(id);
        const lags = position.committed < position.end;
        const stands = known !== undefined && known.committed === position.committed;
        watched.set(id, {
          ...position,
          stuckSince: lags ? ((stands ? known.stuckSince : undefined) ?? now) : undefined,
        });
      }
    },

    /** Partitions whose consumer has stood still for too long; with `quiet`, all that have any lag. */
    stuck(now: number, quiet: boolean): Violation[] {
      return [...watched.values()]
        .filter(({ stuckSince }) => stuckSince !== undefined && (quiet || now - stuckSince >= stuckMs))
        .map(({ group, topic, partition, committed, end }) => ({
          problem: 'lag',
          topic,
          partition,
          offset: committed,
          detail: `${group} is ${end - committed} behind`,
        }));
    },

    figures: () => ({
      partitions: watched.size,
      lag: [...watched.values()].reduce((sum, { committed, end }) => sum + Math.max(0, end - committed), 0),
    }),
  };
}
