import { readRepairKey, type TopicRecord } from '@shop/common';

/**
 * Repairs of the connector. After its new snapshot the connector streams changes again, while the registrar has yet to report
 * the customers who came and left meanwhile. So the pipeline's clock proves nothing until a repair has ended.
 */
export interface ConnectorRepairs {
  /** Records a message of `connector_repairs`. */
  noteRecord(record: Pick<TopicRecord, 'key' | 'value' | 'timestamp'>): void;
  /** All notes that there were at the start have been recorded. */
  noteAllRead(): void;
  /** The topic lost its notes: repairs that were open count as ended now. */
  noteLost(): void;
  /** Returns when the last repair ended, ms since 1970; `Infinity` while one is open, and until all notes have been recorded. */
  endedAt(): number;
}

export function createConnectorRepairs(): ConnectorRepairs {
  const open = new Set<string>();
  let areAllRead = false;
  let lastEnd = 0;

  return {
    noteRecord({ key, value, timestamp }) {
      const { connector, holds } = readRepairKey(String(key));
      if (holds !== 'note') return;
      if (value !== null) open.add(connector);
      else {
        open.delete(connector);
        lastEnd = Math.max(lastEnd, timestamp);
      }
    },
    noteAllRead() {
      areAllRead = true;
    },
    noteLost() {
      if (open.size > 0) lastEnd = Date.now();
      open.clear();
    },
    endedAt: () => (areAllRead && open.size === 0 ? lastEnd : Number.POSITIVE_INFINITY),
  };
}
