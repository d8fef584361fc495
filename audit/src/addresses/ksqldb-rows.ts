import { createCheckpoints } from './checkpoints.ts';
import type { CustomerVersion } from './customer-history.ts';

/** A row of a customer, as ksqlDB had it. */
interface SeenRow {
  /** Number of rows that the audit had read, this one included. */
  number: number;
  /** Fingerprint; null when the customer was deleted. */
  row: number | null;
  /** Observed time when it was read, ms. */
  at: number;
}

interface AnsweredRow extends SeenRow {
  /** The instance of shipping-service that received the answer. */
  instance: string;
  /** When it arrived by the clock of the instance, ms since 1970. */
  answeredAt: number;
}

interface SeenRows {
  /** In the order in which ksqlDB published them. */
  published: SeenRow[];
  answered: AnsweredRow[];
}

/** What is known about when a look-up was made. */
interface LookUp {
  customerId: number;
  /** Partition of the order. */
  partition: number;
  /** Offset of the order. */
  offset: number;
  instance: string | undefined;
  /** When the request was sent by the clock of the instance, ms since 1970. */
  startedAt: number | undefined;
}

/** The oldest version that a look-up may have found. */
export interface OldestAllowed {
  index: number;
  /** How ksqlDB had shown this version. */
  by: 'published' | 'answered';
}

export type KsqldbRows = ReturnType<typeof createKsqldbRows>;

/**
 * The rows of customers that ksqlDB had before a look-up began: published in the topic of its table, or returned to
 * shipping-service. No two clocks are compared. The audit reads a row before it asks for the end offsets of the topic of orders.
 * So orders behind those offsets were placed, and their customers looked up, after the row was published. Two times of one
 * instance come from one clock.
 */
export function createKsqldbRows(versionsOf: (id: number) => readonly CustomerVersion[]) {
  const customers = new Map<number, SeenRows>();
  const checkpoints = createCheckpoints();
  let number = 0;

  /** ksqlDB cannot have an outdated row of a customer who never changed. */
  function isOnlyVersion(id: number, row: number | null): boolean {
    const versions = versionsOf(id);
    return versions.length === 1 && versions[0]?.row === row && !customers.has(id);
  }

  function rowsOf(id: number): SeenRows {
    const known = customers.get(id) ?? { published: [], answered: [] };
    customers.set(id, known);
    return known;
  }

  /** Matches published rows with the versions, in order, and skips rows that the history does not have. @returns the last index */
  function lastPublished(
    rows: readonly SeenRow[],
    versions: readonly CustomerVersion[],
    isBefore: (row: SeenRow) => boolean,
  ): number {
    let index = -1;
    for (const seen of rows) {
      if (!isBefore(seen)) break;
      const next = versions.findIndex(({ row }, at) => at >= index && row === seen.row);
      if (next >= 0) index = next;
    }
    return index;
  }

  return {
    /** Adds a row of the topic of ksqlDB's table. */
    addPublished(id: number, row: number | null, at: number): void {
      number += 1;
      if (!isOnlyVersion(id, row)) rowsOf(id).published.push({ number, row, at });
    },

    /** Adds a row that ksqlDB returned to shipping-service, as a shipment reports it. */
    addAnswer(id: number, row: number | null, from: { instance: string; answeredAt: number }, at: number): void {
      number += 1;
      if (isOnlyVersion(id, row)) return;
      const { answered } = rowsOf(id);
      const last = answered.findLast(({ instance }) => instance === from.instance);
      if (last?.row !== row) answered.push({ number, row, at, ...from });
    },

    /** Number of rows read. Take it before asking for the end offsets of the topic of orders; `addCheckpoint` needs both. */
    get read(): number {
      return number;
    },

    addCheckpoint: checkpoints.add,

    /** The topic of orders was recreated: its offsets start over. */
    forgetCheckpoints: checkpoints.clear,

    /** @returns undefined when no version is known that ksqlDB had before */
    oldestAllowed({ customerId, partition, offset, instance, startedAt }: LookUp): OldestAllowed | undefined {
      const rows = customers.get(customerId);
      if (!rows) return undefined;
      const versions = versionsOf(customerId);
      const before = checkpoints.rowsBefore(partition, offset);
      const published = lastPublished(rows.published, versions, (seen) => seen.number <= before);
      let answered = -1;
      for (const seen of rows.answered) {
        const isEarlier = seen.instance === instance && startedAt !== undefined && seen.answeredAt < startedAt;
        if (!isEarlier && seen.number > before) continue;
        answered = Math.max(
          answered,
          versions.findIndex(({ row }) => row === seen.row),
        );
      }
      if (published < 0 && answered < 0) return undefined;
      return published >= answered ? { index: published, by: 'published' } : { index: answered, by: 'answered' };
    },

    /** Index of the version that ksqlDB had published at this observed time. Every later look-up found it or a newer one. */
    publishedIndex(id: number, at: number): number {
      const versions = versionsOf(id);
      let index = lastPublished(customers.get(id)?.published ?? [], versions, (seen) => seen.at <= at);
      // A change of another column creates a version with the same fingerprint.
      while (index >= 0 && versions[index + 1]?.row === versions[index]?.row) index += 1;
      return index;
    },

    /** Forgets the rows of versions that the history has forgotten. */
    forgetFormer(id: number): void {
      const rows = customers.get(id);
      if (!rows) return;
      const versions = versionsOf(id);
      const isKept = (seen: SeenRow) => versions.length > 1 && versions.some(({ row }) => row === seen.row);
      rows.published = rows.published.filter(isKept);
      rows.answered = rows.answered.filter(isKept);
      if (rows.published.length + rows.answered.length === 0) customers.delete(id);
    },

    figures: () => ({ read: number, customers: customers.size, checkpoints: checkpoints.size }),
  };
}
