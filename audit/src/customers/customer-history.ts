import { customerChange, readJson, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import { createFindings } from '../findings/findings.ts';
import { fingerprint } from '../findings/fingerprint.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';

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
  /** When it was committed in Postgres, ms since 1970 on Postgres' clock; -Infinity: before anybody looked. */
  from: number;
  /** `null`: deleted. */
  print: number | null;
  /** The history begins here, although the customer may have been another before: older changes were compacted away. */
  cut?: true;
}

/** Debezium's event with the time at which Postgres committed the change. */
const timedChange = customerChange.extend({ source: z.looseObject({ ts_ms: z.number() }) });

export type CustomerHistory = ReturnType<typeof createCustomerHistory>;

/** What the topic of changes tells of every customer: the current version, and as many former ones as are still needed. */
export function createCustomerHistory() {
  const versions = new Map<number, Version[]>();
  const withFormer = new Set<number>();
  /** Changes that were never published. */
  const gaps = createFindings();
  let reached = 0;
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
        const { op, before, after, source } = readJson(record.value, timedChange);
        const id = after?.id ?? before?.id;
        if (id === undefined) return;
        changes += 1;
        reached = Math.max(reached, source.ts_ms);
        note(id, op, op === 'd' || !after ? null : printOf(after), source.ts_ms, record);
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        unreadable += 1;
      }
    },

    of: (id: number): readonly Version[] => versions.get(id) ?? [],
    ids: (): Iterable<number> => versions.keys(),

    /** The latest commit in Postgres that was seen, ms since 1970. */
    get reached(): number {
      return reached;
    },

    /** Forgets former versions that were over before this time. */
    forgetBefore(time: number): void {
      for (const id of withFormer) {
        const known = versions.get(id) ?? [];
        let needed = 0;
        while (needed < known.length - 1 && (known[needed + 1]?.from ?? time) < time) needed += 1;
        if (needed > 0) known.splice(0, needed);
        if (known.length === 1) withFormer.delete(id);
      }
    },

    figures: () => ({ customers: versions.size, with_former_versions: withFormer.size, changes, unreadable }),
  };
}
