import { createCheckpoints } from './checkpoints.ts';
import type { CustomerVersion } from './customer-history.ts';
import { createRecordLists } from './record-lists.ts';

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

const toRecord = ({ number, row, at }: SeenRow): number[] => [number, row ?? Number.NaN, at];
function toSeenRow(record: readonly number[]): SeenRow {
  const row = record[1] ?? Number.NaN;
  return { number: record[0] ?? 0, row: Number.isNaN(row) ? null : row, at: record[2] ?? 0 };
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
  /** In the order in which ksqlDB published them. */
  const published = createRecordLists(3);
  const answered = new Map<number, AnsweredRow[]>();
  const checkpoints = createCheckpoints();
  let number = 0;

  /** ksqlDB cannot have an outdated row of a customer who never changed. */
  function isOnlyVersion(id: number, row: number | null): boolean {
    if (published.has(id) || answered.has(id)) return false;
    const versions = versionsOf(id);
    return versions.length === 1 && versions[0]?.row === row;
  }

  const publishedRows = (id: number): SeenRow[] => published.read(id).map(toSeenRow);

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
      if (!isOnlyVersion(id, row)) published.append(id, toRecord({ number, row, at }));
    },

    /** Adds a row that ksqlDB returned to shipping-service, as a shipment reports it. */
    addAnswer(id: number, row: number | null, from: { instance: string; answeredAt: number }, at: number): void {
      number += 1;
      if (isOnlyVersion(id, row)) return;
      const known = answered.get(id) ?? [];
      answered.set(id, known);
      const last = known.findLast(({ instance }) => instance === from.instance);
      if (last?.row !== row) known.push({ number, row, at, ...from });
    },

    /** Number of rows read. Take it before asking for the end offsets of the topic of orders; `addCheckpoint` needs both. */
    get read(): number {
      return number;
    },

    addCheckpoint: checkpoints.add,

    /** The topic of orders was recreated: its offsets start over. */
    startCheckpointsOver: checkpoints.startOver,

    /** @returns undefined when no version is known that ksqlDB had before */
    oldestAllowed({ customerId, partition, offset, instance, startedAt }: LookUp): OldestAllowed | undefined {
      const answers = answered.get(customerId);
      if (!answers && !published.has(customerId)) return undefined;
      const versions = versionsOf(customerId);
      const before = checkpoints.rowsBefore(partition, offset);
      const byTopic = lastPublished(publishedRows(customerId), versions, (seen) => seen.number <= before);
      let byAnswer = -1;
      for (const seen of answers ?? []) {
        const isEarlier = seen.instance === instance && startedAt !== undefined && seen.answeredAt < startedAt;
        if (!isEarlier && seen.number > before) continue;
        byAnswer = Math.max(
          byAnswer,
          versions.findIndex(({ row }) => row === seen.row),
        );
      }
      if (byTopic < 0 && byAnswer < 0) return undefined;
      return byTopic >= byAnswer ? { index: byTopic, by: 'published' } : { index: byAnswer, by: 'answered' };
    },

    /** Index of the version that ksqlDB had published at this observed time. Every later look-up found it or a newer one. */
    publishedIndex(id: number, at: number): number {
      const versions = versionsOf(id);
      let index = lastPublished(publishedRows(id), versions, (seen) => seen.at <= at);
      // A change of another column creates a version with the same fingerprint.
      while (index >= 0 && versions[index + 1]?.row === versions[index]?.row) index += 1;
      return index;
    },

    /** Forgets the rows of versions that the history has forgotten. */
    forgetFormer(id: number): void {
      const versions = versionsOf(id);
      const isKept = (seen: SeenRow) => versions.length > 1 && versions.some(({ row }) => row === seen.row);
      published.write(id, publishedRows(id).filter(isKept).map(toRecord));
      const answers = answered.get(id)?.filter(isKept) ?? [];
      if (answers.length > 0) answered.set(id, answers);
      else answered.delete(id);
    },

    figures: () => ({ read: number, customers: published.size, checkpoints: checkpoints.size }),
  };
}
