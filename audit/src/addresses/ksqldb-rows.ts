import type { Version } from './customer-history.ts';

/** A row of a customer that ksqlDB has shown. */
interface ShownRow {
  /** Counts what the audit has read. */
  number: number;
  /** `null`: deleted. */
  print: number | null;
  /** By the audit's clock of looks, ms. */
  at: number;
}

interface AnsweredRow extends ShownRow {
  /** Which instance of shipping-service was answered, and when by its clock, ms since 1970. */
  instance: string;
  answeredAt: number;
}

interface Shown {
  /** In the order in which ksqlDB published them. */
  published: ShownRow[];
  answered: AnsweredRow[];
}

/** Orders at or behind these offsets were placed after everything up to `number` was read. */
interface Mark {
  number: number;
  ends: ReadonlyMap<number, number>;
}

/** A look-up, as far as it can be said what came before it. */
export interface LookUpPlace {
  customerId: number;
  /** Of the order. */
  partition: number;
  offset: number;
  instance: string | undefined;
  /** When the request was sent by the instance's clock, ms since 1970. */
  startedAt: number | undefined;
}

/** The oldest version that the look-up may have found. */
export interface Floor {
  index: number;
  by: 'published' | 'answered';
}

/** Marks remembered. An order placed before the oldest one is judged by answers only. */
const mostMarks = 4_000;

export type ShownRows = ReturnType<typeof createShownRows>;

/**
 * What ksqlDB had shown of customers before a look-up began, published in the topic of its table or answered to
 * shipping-service. No two clocks are compared: the audit read a row before it asked where the topic of orders ends, so the
 * orders behind that end were placed, and their customers looked up, after the row was published; and two times of one
 * instance are of one clock.
 */
export function createShownRows(versionsOf: (id: number) => readonly Version[]) {
  const shown = new Map<number, Shown>();
  let marks: Mark[] = [];
  let number = 0;

  /** Of a customer who was never another, ksqlDB can show nothing too old. */
  function isOnlyVersion(id: number, print: number | null): boolean {
    const versions = versionsOf(id);
    return versions.length === 1 && versions[0]?.print === print && !shown.has(id);
  }

  function rowsOf(id: number): Shown {
    const known = shown.get(id) ?? { published: [], answered: [] };
    shown.set(id, known);
    return known;
  }

  /** The number of the last mark before an order; 0 when there is none. Ends only grow. */
  function markBefore(partition: number, offset: number): number {
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.ends.get(partition) ?? Number.POSITIVE_INFINITY) <= offset) low = middle + 1;
      else high = middle;
    }
    return marks[low - 1]?.number ?? 0;
  }

  /** Follows the published rows along the versions; a row that the history does not have moves nothing. */
  function follow(rows: readonly ShownRow[], versions: readonly Version[], counts: (row: ShownRow) => boolean): number {
    let index = -1;
    for (const row of rows) {
      if (!counts(row)) break;
      const next = versions.findIndex(({ print }, at) => at >= index && print === row.print);
      if (next >= 0) index = next;
    }
    return index;
  }

  return {
    /** A row that was read from the topic of ksqlDB's table. */
    publish(id: number, print: number | null, at: number): void {
      number += 1;
      if (!isOnlyVersion(id, print)) rowsOf(id).published.push({ number, print, at });
    },

    /** A row that shipping-service was answered, as a shipment says. */
    answer(id: number, print: number | null, from: { instance: string; answeredAt: number }, at: number): void {
      number += 1;
      if (isOnlyVersion(id, print)) return;
      const { answered } = rowsOf(id);
      const known = answered.findLast(({ instance }) => instance === from.instance);
      if (known?.print !== print) answered.push({ number, print, at, ...from });
    },

    /** How much was read. Take it before the ends of the topic of orders are asked for, and give both to `mark`. */
    get read(): number {
      return number;
    },

    mark(read: number, ends: ReadonlyMap<number, number>): void {
      if (read === marks.at(-1)?.number) return;
      marks.push({ number: read, ends });
      if (marks.length > mostMarks) marks = marks.slice(-mostMarks / 2);
    },

    /** The topic of orders was recreated: its offsets start over. */
    forgetMarks(): void {
      marks = [];
    },

    /** @returns nothing when ksqlDB is not known to have shown any version before */
    floorOf({ customerId, partition, offset, instance, startedAt }: LookUpPlace): Floor | undefined {
      const rows = shown.get(customerId);
      if (!rows) return undefined;
      const versions = versionsOf(customerId);
      const before = markBefore(partition, offset);
      const published = follow(rows.published, versions, (row) => row.number <= before);
      let answered = -1;
      for (const row of rows.answered) {
        const sameClock = row.instance === instance && startedAt !== undefined && row.answeredAt < startedAt;
        if (!sameClock && row.number > before) continue;
        answered = Math.max(
          answered,
          versions.findIndex(({ print }) => print === row.print),
        );
      }
      if (published < 0 && answered < 0) return undefined;
      return published >= answered ? { index: published, by: 'published' } : { index: answered, by: 'answered' };
    },

    /** The version that was shown by this time of looking: who looked up later than that has it or a newer one. */
    indexShownBy(id: number, at: number): number {
      const versions = versionsOf(id);
      let index = follow(shown.get(id)?.published ?? [], versions, (row) => row.at <= at);
      // A change of another column makes a version that looks the same.
      while (index >= 0 && versions[index + 1]?.print === versions[index]?.print) index += 1;
      return index;
    },

    /** Drops the rows of versions that the history no longer has. */
    forgetFormer(id: number): void {
      const rows = shown.get(id);
      if (!rows) return;
      const versions = versionsOf(id);
      const isKept = ({ print }: ShownRow) =>
        versions.length > 1 && versions.some((version) => version.print === print);
      rows.published = rows.published.filter(isKept);
      rows.answered = rows.answered.filter(isKept);
      if (rows.published.length + rows.answered.length === 0) shown.delete(id);
    },

    figures: () => ({ read: number, customers: shown.size, marks: marks.length }),
  };
}
