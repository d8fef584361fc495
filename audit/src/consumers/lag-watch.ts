import type { Violation } from '../findings/findings.ts';

/** Position of a consumer group in one partition. */
export interface GroupPosition {
  group: string;
  topic: string;
  partition: number;
  /** The next offset to read. A group that has committed nothing is at the start. */
  committed: number;
  /** The offset after the last message. Transaction markers behind it are no lag. */
  end: number;
}

interface WatchedPartition extends GroupPosition {
  /** For how long nothing of its group has moved although this partition lags, ms of observed time. */
  groupIdleMs: number;
  /** For how long other partitions of its group have moved and this one has not, ms of observed time. */
  passedOverMs: number;
}

/** A partition that does not move while others of its group move has this many times as long. */
const passedOverFactor = 5;

/**
 * Checks whether consumers make progress (P7). A slow consumer is not stuck: a partition has time as long as its group moves.
 * Memory depends only on the number of partitions.
 *
 * @param stuckMs ms of observed time
 */
export function createLagWatch(stuckMs: number) {
  const watched = new Map<string, WatchedPartition>();
  let observedBefore: number | undefined;
  let moves = 0;

  const toId = ({ group, topic, partition }: GroupPosition) => `${group}/${topic}/${partition}`;

  return {
    note(positions: readonly GroupPosition[], observedMs: number): void {
      const elapsed = observedMs - (observedBefore ?? observedMs);
      observedBefore = observedMs;
      const moved = positions.filter(
        (position) => (watched.get(toId(position))?.committed ?? -1) !== position.committed,
      );
      const movingGroups = new Set(moved.map(({ group }) => group));
      moves += moved.length;
      for (const position of positions) {
        const known = watched.get(toId(position));
        const lags = known?.committed === position.committed && known.committed < known.end;
        const groupMoves = movingGroups.has(position.group);
        watched.set(toId(position), {
          ...position,
          groupIdleMs: lags && !groupMoves ? known.groupIdleMs + elapsed : 0,
          passedOverMs: lags ? known.passedOverMs + (groupMoves ? elapsed : 0) : 0,
        });
      }
    },

    /** Partitions whose consumer makes no progress. With `quiet`, all that have lag. */
    stuck(quiet: boolean): Violation[] {
      return [...watched.values()]
        .filter(({ committed, end }) => committed < end)
        .filter(
          ({ groupIdleMs, passedOverMs }) =>
            quiet || groupIdleMs >= stuckMs || passedOverMs + groupIdleMs >= stuckMs * passedOverFactor,
        )
        .map(({ group, topic, partition, committed, end }) => ({
          problem: 'lag',
          topic,
          partition,
          offset: committed,
          detail: `${group} is ${end - committed} behind`,
        }));
    },

    /** Grows when any consumer moves. */
    get moves(): number {
      return moves;
    },

    figures: () => ({
      partitions: watched.size,
      lag: [...watched.values()].reduce((sum, { committed, end }) => sum + Math.max(0, end - committed), 0),
    }),
  };
}
