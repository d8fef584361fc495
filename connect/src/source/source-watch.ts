import { ShopError } from '@shop/common';
import type { ConnectorDefinition } from '../read-connectors.ts';
import type { Capture } from './capture-query.ts';

/** Changes that are in no log any more: only a new snapshot shows how customers are now. */
export interface Loss {
  code: 'slot_lost' | 'publication_replaced' | 'topic_lost';
  /** For the log: what was seen. */
  reason: string;
}

export interface SourceWatchPlan {
  readCapture(slot: string, publication: string): Promise<Capture>;
  /** How long a connector that runs may take to make its slot, ms. */
  graceMs?: number;
}

export interface SourceWatch {
  /**
   * @returns what was lost since the last look, if anything was
   * @throws ShopError while the connector has no slot, or no publication
   */
  check(definition: ConnectorDefinition): Promise<Loss | undefined>;
  /** The connector begins anew, and so may take its time to make a slot. */
  forget(name: string): void;
}

/**
 * Watches what a running connector reads in Postgres: its replication slot, which Debezium goes on looking for when it is
 * gone, and its publication; with one made anew, Postgres refuses to decode what was changed before. Connect says RUNNING
 * meanwhile.
 */
export function createSourceWatch({ readCapture, graceMs = 20_000 }: SourceWatchPlan): SourceWatch {
  const withSlot = new Set<string>();
  const missingSince = new Map<string, number>();
  const publications = new Map<string, string>();

  function checkSlot(name: string, slot: string, hasSlot: boolean): Loss | undefined {
    if (hasSlot) {
      missingSince.delete(name);
      withSlot.add(name);
      return undefined;
    }
    const since = missingSince.get(name) ?? Date.now();
    missingSince.set(name, since);
    if (withSlot.has(name) || Date.now() - since >= graceMs)
      return { code: 'slot_lost', reason: `the replication slot ${slot} is gone` };
    throw new ShopError('slot_missing', `${name}: it has no replication slot ${slot} yet`, { canRetry: true });
  }

  function checkPublication(name: string, publication: string, found: string | undefined): Loss | undefined {
    if (found === undefined)
      throw new ShopError(
        'publication_missing',
        `${name}: Postgres has no publication ${publication}; a restart of postgres_start makes it`,
        { canRetry: true },
      );
    const known = publications.get(name);
    publications.set(name, found);
    if (known === undefined || known === found) return undefined;
    return { code: 'publication_replaced', reason: `the publication ${publication} was dropped and made anew` };
  }

  return {
    async check({ name, config }) {
      const { 'slot.name': slot, 'publication.name': publication = 'dbz_publication' } = config;
      if (slot === undefined) return undefined;
      const capture = await readCapture(slot, publication);
      return checkPublication(name, publication, capture.publication) ?? checkSlot(name, slot, capture.hasSlot);
    },
    forget(name) {
      withSlot.delete(name);
      missingSince.delete(name);
    },
  };
}
