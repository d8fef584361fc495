/** The names of everything the server keeps in Kafka; two servers with different ids share one Kafka. */
export interface InternalNames {
  readonly serviceId: string;
  readonly transactionalId: string;
  readonly commands: string;
  readonly positions: string;
  changelog(queryId: string): string;
  /** A new consumer group for every reader. A member that a kill left in a group delays those who join after it. */
  readerGroup(purpose: string): string;
  /** The consumer group that a query would be with ksqlDB: its offsets show how far the query has read. */
  queryGroup(queryId: string): string;
  isInternal(topic: string): boolean;
}

export function internalNames(serviceId: string): InternalNames {
  const prefix = `_ksqldb-embedded-${serviceId}-`;
  return {
    serviceId,
    transactionalId: `${prefix}engine`,
    commands: `${prefix}commands`,
    positions: `${prefix}positions`,
    changelog: (queryId) => `${prefix}${queryId}-changelog`,
    readerGroup: (purpose) => `${prefix}${purpose}-${crypto.randomUUID()}`,
    queryGroup: (queryId) => `_confluent-ksql-${serviceId}query_${queryId}`,
    isInternal: (topic) => topic.startsWith('_ksqldb-embedded-') || topic.startsWith('__'),
  };
}

const compacted = {
  'cleanup.policy': 'compact',
  // Small segments, so that compaction gets at them and a restart reads little.
  'segment.bytes': String(16 * 1024 * 1024),
  'min.cleanable.dirty.ratio': '0.2',
};

export const topicConfig = {
  commands: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
  positions: compacted,
  changelog: compacted,
} as const;
