import { createSeenFor, type SeenFor } from './seen-for.ts';

/** How far a query has read in one partition of a topic. */
export interface QueryPosition {
  topic: string;
  partition: number;
  /** The next offset to read; undefined when the query has committed none. */
  committed: number | undefined;
  start: number;
  end: number;
}

interface Seen {
  committed: Map<string, number | undefined>;
  ends: Map<string, number>;
  /** While nothing was committed although there was something to read. */
  stuck: SeenFor | undefined;
}

const idOf = ({ topic, partition }: QueryPosition) => `${topic}/${partition}`;

/**
 * Watches whether queries make progress. Markers of transactions leave a lag of a few offsets behind that no query reads;
 * so an unchanged position counts only when the partition has grown since, or when the query never committed anything.
 */
export function createProgressWatch() {
  const queries = new Map<string, Seen>();
  return {
    /** @returns for how long the query has not moved, ms */
    note(query: string, positions: readonly QueryPosition[], now?: number): number {
      const before = queries.get(query);
      const committed = new Map(positions.map((position) => [idOf(position), position.committed]));
      const moved = before === undefined || [...committed].some(([id, offset]) => before.committed.get(id) !== offset);
      const ends = moved ? new Map(positions.map((position) => [idOf(position), position.end])) : before.ends;
      const waits = positions.some(
        (position) =>
          (position.committed ?? position.start) < position.end &&
          (position.end > (ends.get(idOf(position)) ?? 0) || isUntouched(position, positions)),
      );
      const stuck = waits ? ((moved ? undefined : before.stuck) ?? createSeenFor()) : undefined;
      queries.set(query, { committed, ends, stuck });
      return stuck?.look(now) ?? 0;
    },
    /** Starts over with every query. */
    clear: () => queries.clear(),
  };
}

const isUntouched = ({ topic }: QueryPosition, positions: readonly QueryPosition[]) =>
  positions.every((position) => position.topic !== topic || position.committed === undefined);
