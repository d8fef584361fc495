import { createRecordLists } from './record-lists.ts';

/** A customer's row, from one change until the next. */
export interface CustomerVersion {
  /** When Postgres changed it, ms since 1970 by Postgres' clock; -Infinity: before the history began. */
  from: number;
  /** Fingerprint of the row; null when the customer was deleted. */
  row: number | null;
  /** Ascending in the order in which the changes of one customer were committed. */
  seq: number;
}

/** A change of a customer, as Postgres' history records it. */
export interface HistoryChange extends CustomerVersion {
  id: number;
  /** The change registered the customer: there were no versions before. */
  isFirst: boolean;
}

/** What is known about the time before the first version of a customer. */
const earlier = { unknown: 0, nothing: 1, forgotten: 2 };

interface StoredVersion extends CustomerVersion {
  /** One of `earlier`. It counts for the first version only. */
  before: number;
}

const toRecord = ({ from, row, seq, before }: StoredVersion): number[] => [from, row ?? Number.NaN, seq, before];
function toVersion(record: readonly number[]): StoredVersion {
  const row = record[1] ?? Number.NaN;
  return { from: record[0] ?? 0, row: Number.isNaN(row) ? null : row, seq: record[2] ?? 0, before: record[3] ?? 0 };
}

/** A customer's versions, oldest first. */
export interface KnownVersions {
  versions: readonly CustomerVersion[];
  /** There were no versions before the first one. */
  isComplete: boolean;
}

export type CustomerHistory = ReturnType<typeof createCustomerHistory>;

/**
 * The current version of every customer, and former versions as long as they are needed.
 *
 * @param observedMs observed time, ms
 */
export function createCustomerHistory(observedMs: () => number) {
  const customers = createRecordLists(4);
  /** Customers with a former version, and the observed time when they were last taken, or got it, ms; in that order. */
  const withFormer = new Map<number, number>();
  /** The history may have forgotten all versions of customers up to this id. */
  let forgottenId = Number.POSITIVE_INFINITY;
  let changes = 0;

  const versionsOf = (id: number): StoredVersion[] => customers.read(id).map(toVersion);

  function readKnown(id: number): KnownVersions {
    const versions = versionsOf(id);
    return { versions, isComplete: versions[0] ? versions[0].before === earlier.nothing : id > forgottenId };
  }

  /** Inserts a version before later ones. @returns whether it is new */
  function insert(id: number, version: StoredVersion): boolean {
    const versions = versionsOf(id);
    if (versions[0]?.before === earlier.forgotten && version.seq < versions[0].seq) return false;
    const before = versions.findLastIndex(({ seq }) => seq <= version.seq);
    if (versions[before]?.seq === version.seq) return false;
    versions.splice(before + 1, 0, notBefore(version, versions[before]));
    customers.write(id, versions.map(toRecord));
    return true;
  }

  function noteFormer(id: number): void {
    withFormer.delete(id);
    withFormer.set(id, observedMs());
  }

  return {
    /** Adds a change. Changes may arrive in almost any order; one that is known is skipped. */
    add({ id, seq, from, row, isFirst }: HistoryChange): void {
      const version = { from, row, seq, before: isFirst ? earlier.nothing : earlier.unknown };
      const lastRecord = customers.last(id);
      if (!lastRecord) customers.append(id, toRecord(version));
      else {
        const last = toVersion(lastRecord);
        if (last.seq < seq) customers.append(id, toRecord(notBefore(version, last)));
        else if (!insert(id, version)) return;
        if (!withFormer.has(id)) noteFormer(id);
      }
      changes += 1;
    },

    setForgottenId(id: number): void {
      forgottenId = id;
    },

    readKnown,
    versionsOf: (id: number): readonly CustomerVersion[] => versionsOf(id),
    /** Whether a customer had no versions before the known ones. */
    isComplete: (id: number): boolean => readKnown(id).isComplete,
    ids: (): Iterable<number> => customers.keys(),

    /**
     * Takes customers with a former version who were last taken, or got it, at this observed time or earlier, ms. The ones taken
     * longest ago come first.
     */
    takeWithFormer(since: number, limit: number): number[] {
      const taken: number[] = [];
      for (const [id, at] of withFormer) {
        if (at > since || taken.length === limit) break;
        taken.push(id);
      }
      for (const id of taken) noteFormer(id);
      return taken;
    },

    /** Forgets a customer's versions before this index. */
    forgetBefore(id: number, index: number): void {
      const versions = versionsOf(id);
      if (versions.length === 0 || index < 1) return;
      const [first, ...later] = versions.slice(Math.min(index, versions.length - 1));
      if (!first) return;
      customers.write(id, [{ ...first, before: earlier.forgotten }, ...later].map(toRecord));
      if (later.length === 0) withFormer.delete(id);
    },

    figures: () => ({ customers: customers.size, with_former_versions: withFormer.size, changes }),
  };
}

/** The order of versions must hold when Postgres' clock is set back. */
const notBefore = (version: StoredVersion, before: CustomerVersion | undefined): StoredVersion => ({
  ...version,
  from: Math.max(version.from, before?.from ?? version.from),
});
