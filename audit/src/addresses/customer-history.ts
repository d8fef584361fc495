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

interface KnownCustomer {
  /** In the order of `seq`. */
  versions: CustomerVersion[];
  /** Versions before this `seq` were forgotten. */
  keptSince: number;
  /** There were no versions before the first one. */
  isComplete: boolean;
}

export type CustomerHistory = ReturnType<typeof createCustomerHistory>;

/** The current version of every customer, and former versions as long as they are needed. */
export function createCustomerHistory() {
  const customers = new Map<number, KnownCustomer>();
  const withFormer = new Set<number>();
  /** The history may have forgotten all versions of customers up to this id. */
  let forgottenId = Number.POSITIVE_INFINITY;
  let changes = 0;

  return {
    /** Adds a change. Changes may arrive in almost any order; one that is known is skipped. */
    add({ id, seq, from, row, isFirst }: HistoryChange): void {
      const known = customers.get(id) ?? { versions: [], keptSince: 0, isComplete: false };
      const { versions, keptSince } = known;
      if (seq < keptSince) return;
      const before = versions.findLastIndex((version) => version.seq <= seq);
      if (versions[before]?.seq === seq) return;
      changes += 1;
      if (before < 0) known.isComplete = isFirst;
      // The order must hold when Postgres' clock is set back.
      versions.splice(before + 1, 0, { from: Math.max(from, versions[before]?.from ?? from), row, seq });
      customers.set(id, known);
      if (versions.length > 1) withFormer.add(id);
    },

    setForgottenId(id: number): void {
      forgottenId = id;
    },

    versionsOf: (id: number): readonly CustomerVersion[] => customers.get(id)?.versions ?? [],
    /** Whether a customer had no versions before the known ones. */
    isComplete: (id: number): boolean => customers.get(id)?.isComplete ?? id > forgottenId,
    ids: (): Iterable<number> => customers.keys(),
    /** Customers with a former version that is known. */
    idsWithFormer: (): Iterable<number> => withFormer,

    /** Forgets a customer's versions before this index. */
    forgetBefore(id: number, index: number): void {
      const known = customers.get(id);
      if (!known || index < 1) return;
      known.versions.splice(0, Math.min(index, known.versions.length - 1));
      known.keptSince = known.versions[0]?.seq ?? known.keptSince;
      known.isComplete = false;
      if (known.versions.length === 1) withFormer.delete(id);
    },

    figures: () => ({ customers: customers.size, with_former_versions: withFormer.size, changes }),
  };
}
