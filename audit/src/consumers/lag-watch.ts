import type { Violation } from '../findings/findings.ts';

/** How far a consumer group is in one partition. */
export interface GroupPosition {
  group: string;
  topic: string;
  partition: number;
  /** The next offset to read; a group that has committed nothing is at the start. */
  committed: number;
  /** The offset after the last message; markers of transactions behind it are no lag. */
  end: number;
}

interface Watched extends GroupPosition {
  /** For how long nothing of its group has moved although this partition lags, ms of looking. */
  stillMs: number;
  /** For how long other partitions of its group have moved and this one has not, ms of looking. */
  passedOverMs: number;
}

/** A partition that does not move while others of its group do gets so many times as long. */
const passedOverFactor = 5;

/**
 * Watches whether consumers make progress (P7). A slow consumer is not stuck: as long as anything of its group moves, a
 * partition has time. The number of partitions is all that the memory depends on.
 *
 * @param stuckMs of looking, see createLookClock
 */
export function createLagWatch(stuckMs: number) {
  const watched = new Map<string, Watched>();
  let lookedBefore: number | undefined;
  let moves = 0;

  const idOf = ({ group, topic, partition }: GroupPosition) => `${group}/${topic}/${partition}`;

  return {
    /** @param looked by the clock of looks */
    note(positions: readonly GroupPosition[], looked: number): void {
      const elapsed = looked - (lookedBefore ?? looked);
      lookedBefore = looked;
      const moved = positions.filter((each) => (watched.get(idOf(each))?.committed ?? -1) !== each.committed);
      const moving = new Set(moved.map(({ group }) => group));
      moves += moved.length;
      for (const position of positions) {
        const known = watched.get(idOf(position));
        const waits = known?.committed === position.committed && known.committed < known.end;
        const groupMoves = moving.has(position.group);
        watched.set(idOf(position), {
          ...position,
          stillMs: waits && !groupMoves ? known.stillMs + elapsed : 0,
          passedOverMs: waits ? known.passedOverMs + (groupMoves ? elapsed : 0) : 0,
        });
      }
    },

    /** Partitions whose consumer makes no progress; with `quiet`, all that have any lag. */
    stuck(quiet: boolean): Violation[] {
      return [...watched.values()]
        .filter(({ committed, end }) => committed < end)
        .filter(
          ({ stillMs, passedOverMs }) =>
            quiet || stillMs >= stuckMs || passedOverMs + stillMs >= stuckMs * passedOverFactor,
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
