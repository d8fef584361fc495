import { fingerprint } from '../fingerprint.ts';

/** The columns of customers that a shipment repeats. */
export const addressColumns = ['first_name', 'last_name', 'zipcode', 'country', 'address'] as const;

/** A row of customers, or what a shipment says of one. */
export type Address = Record<(typeof addressColumns)[number], string>;

/** Stands for a row; the row itself is not kept. */
export const printOf = (row: Address): number =>
  fingerprint(JSON.stringify(addressColumns.map((column) => row[column])));

/** How a customer was from a moment on, until the next version. */
export interface Version {
  /** When Postgres changed it, ms since 1970 on Postgres' clock; -Infinity: before the history began. */
  from: number;
  /** `null`: deleted. */
  print: number | null;
  /** Ascending in the order in which the changes of one customer were committed. */
  seq: number;
}

/** A change of a customer, as Postgres' history has it. */
export interface HistoryChange extends Version {
  id: number;
  /** The customer was registered by it: there were no versions before. */
  isFirst: boolean;
}

interface KnownCustomer {
  /** In the order of `seq`. */
  versions: Version[];
  /** Versions before this one were forgotten. */
  keptSince: number;
  /** There were no versions before the first one. */
  complete: boolean;
}

export type CustomerHistory = ReturnType<typeof createCustomerHistory>;

/** Every customer's current version, and as many former ones as are still needed. */
export function createCustomerHistory() {
  const customers = new Map<number, KnownCustomer>();
  const withFormer = new Set<number>();
  /** Of customers up to this id it may have no version although there were some. */
  let forgottenId = Number.POSITIVE_INFINITY;
  let changes = 0;

  return {
    /** Takes a change, in nearly any order; one that was taken before is skipped. */
    add({ id, seq, from, print, isFirst }: HistoryChange): void {
      const known = customers.get(id) ?? { versions: [], keptSince: 0, complete: false };
      const { versions, keptSince } = known;
      if (seq < keptSince) return;
      const before = versions.findLastIndex((version) => version.seq <= seq);
      if (versions[before]?.seq === seq) return;
      changes += 1;
      if (before < 0) known.complete = isFirst;
      // Postgres' clock set back must not turn the order round.
      versions.splice(before + 1, 0, { from: Math.max(from, versions[before]?.from ?? from), print, seq });
      customers.set(id, known);
      if (versions.length > 1) withFormer.add(id);
    },

    forgetUpTo(id: number): void {
      forgottenId = id;
    },

    of: (id: number): readonly Version[] => customers.get(id)?.versions ?? [],
    /** Whether there were no versions of a customer before those that are known. */
    isComplete: (id: number): boolean => customers.get(id)?.complete ?? id > forgottenId,
    ids: (): Iterable<number> => customers.keys(),
    /** Customers of whom more than the current version is known. */
    changed: (): Iterable<number> => withFormer,

    /** Forgets a customer's versions before this one. */
    forgetBefore(id: number, index: number): void {
      const known = customers.get(id);
      if (!known || index < 1) return;
      known.versions.splice(0, Math.min(index, known.versions.length - 1));
      known.keptSince = known.versions[0]?.seq ?? known.keptSince;
      known.complete = false;
      if (known.versions.length === 1) withFormer.delete(id);
    },

    figures: () => ({ customers: customers.size, with_former_versions: withFormer.size, changes }),
  };
}
