/** The server's topics, groups and transactional id. Servers with different service ids can share one Kafka. */
export interface InternalNames {
  readonly serviceId: string;
  readonly transactionalId: string;
  readonly commands: string;
  readonly positions: string;
  changelog(queryId: string): string;
  /** A new consumer group for every reader, because a killed member delays the next one that joins its group. */
  readerGroup(purpose: string): string;
  /** The consumer group that ksqlDB would use for the query. Its offsets show the query's lag. */
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
  // Small segments, so that compaction starts early and a restart reads little.
  'segment.bytes': String(16 * 1024 * 1024),
  'min.cleanable.dirty.ratio': '0.2',
};

export const topicConfig = {
  commands: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
  positions: compacted,
  changelog: compacted,
} as const;
