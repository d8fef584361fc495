import { customerChange, readJson, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import { createFindings } from '../findings/findings.ts';
import { fingerprint } from '../findings/fingerprint.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import type { ShownChanges } from './shown-changes.ts';

/** A row of customers, or what a shipment says of one. */
export interface Address {
  first_name: string;
  last_name: string;
  zipcode: string;
  country: string;
  address: string;
}

/** Stands for a row; the row itself is not kept. */
export const printOf = ({ first_name, last_name, zipcode, country, address }: Address): number =>
  fingerprint(JSON.stringify([first_name, last_name, zipcode, country, address]));

/** How a customer was from a moment on, until the next version. */
export interface Version {
  /** When it was committed in Postgres, ms since 1970 on Postgres' clock; -Infinity: before the first snapshot. */
  from: number;
  /** `null`: deleted. */
  print: number | null;
  /** The history begins here, although the customer may have had other versions before. */
  cut?: true;
}

/** Debezium's event with the time at which Postgres committed the change. */
const timedChange = customerChange.extend({
  source: z.looseObject({ ts_ms: z.number(), connector: z.string().optional() }),
});

export type CustomerHistory = ReturnType<typeof createCustomerHistory>;

/** What the topic of changes tells of every customer: the current version, and as many former ones as are still needed. */
export function createCustomerHistory(shown: Pick<ShownChanges, 'note'>) {
  const versions = new Map<number, Version[]>();
  const withFormer = new Set<number>();
  /** Changes that were never published. */
  const gaps = createFindings();
  let reached = 0;
  let lostSome = false;
  let changes = 0;
  let unreadable = 0;

  function add(id: number, version: Version): void {
    const known = versions.get(id);
    if (!known) versions.set(id, [version]);
    else {
      const last = known.at(-1);
      if (last && last.print === version.print) return;
      known.push(version);
      withFormer.add(id);
    }
  }

  function note(id: number, op: string, print: number | null, at: number, record: TopicRecord): void {
    const last = versions.get(id)?.at(-1);
    if (!last) {
      // A snapshot's row was there before. A change without its beginning: that was compacted away.
      const beginning = op === 'r' ? { from: Number.NEGATIVE_INFINITY } : { from: at };
      add(id, { ...beginning, print, ...(op !== 'r' && op !== 'c' && { cut: true }) });
      return;
    }
    if (op === 'r' && last.print !== print) {
      const { topic, partition, offset } = record;
      gaps.add({
        problem: 'change_lost',
        customer_id: id,
        topic,
        partition,
        offset,
        detail: 'only a snapshot shows it',
      });
    }
    // Commits come in their order; Postgres' clock set back must not turn them round.
    add(id, { from: Math.max(at, last.from), print });
  }

  return {
    gaps,

    read(record: TopicRecord): void {
      if (record.value === null) return; // a tombstone: the deletion came before it
      try {
        const { op, before, after, source, ts_ms: handledAt } = readJson(record.value, timedChange);
        const id = after?.id ?? before?.id;
        if (id === undefined) return;
        changes += 1;
        reached = Math.max(reached, source.ts_ms);
        // Rows of a snapshot, and deletions that the registrar reports, do not come in the order of commits.
        if (op !== 'r' && source.connector === 'postgresql')
          shown.note(record.partition, { handledAt, committedAt: source.ts_ms });
        note(id, op, op === 'd' || !after ? null : printOf(after), source.ts_ms, record);
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        unreadable += 1;
      }
    },

    /** The topic was recreated, with changes in it that were never read. */
    lose(): void {
      lostSome = true;
      for (const [first] of versions.values()) if (first) first.cut = true;
    },

    of: (id: number): readonly Version[] => versions.get(id) ?? [],
    /** Whether a customer's first version is the first one there ever was. */
    isComplete(id: number): boolean {
      const [first] = versions.get(id) ?? [];
      return first ? !first.cut : !lostSome;
    },
    /** Customers of whom more than the current version is known. */
    changed: (): Iterable<number> => withFormer,
    ids: (): Iterable<number> => versions.keys(),

    /** The latest commit in Postgres that was seen, ms since 1970. */
    get reached(): number {
      return reached;
    },

    /** Forgets a customer's versions before this one. */
    forgetBefore(id: number, index: number): void {
      const known = versions.get(id) ?? [];
      known.splice(0, Math.min(index, known.length - 1));
      if (known.length === 1) withFormer.delete(id);
    },

    figures: () => ({ customers: versions.size, with_former_versions: withFormer.size, changes, unreadable }),
  };
}
