import { KsqlError } from '../errors.ts';

/** Names Kafka's streams, consumers, producers and admin clients know, without their prefixes. */
const KNOWN = new Set(
  (
    'acceptable.recovery.lag acks allow.auto.create.topics application.id application.server auto.commit.interval.ms auto.include.jmx.reporter ' +
    'auto.offset.reset batch.size bootstrap.servers buffer.memory buffered.records.per.partition built.in.metrics.version ' +
    'cache.max.bytes.buffering check.crcs client.dns.lookup client.id client.rack commit.interval.ms compression.type ' +
    'connections.max.idle.ms default.api.timeout.ms default.deserialization.exception.handler default.dsl.store default.key.serde ' +
    'default.production.exception.handler default.timestamp.extractor default.value.serde delivery.timeout.ms enable.auto.commit ' +
    'enable.idempotence exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes group.id group.instance.id ' +
    'heartbeat.interval.ms interceptor.classes isolation.level key.deserializer key.serializer linger.ms max.block.ms ' +
    'max.in.flight.requests.per.connection max.partition.fetch.bytes max.poll.interval.ms max.poll.records max.request.size ' +
    'max.task.idle.ms max.warmup.replicas metadata.max.age.ms metadata.max.idle.ms metric.reporters metrics.num.samples ' +
    'metrics.recording.level metrics.sample.window.ms num.standby.replicas num.stream.threads partition.assignment.strategy ' +
    'partitioner.class poll.ms probing.rebalance.interval.ms processing.guarantee receive.buffer.bytes reconnect.backoff.max.ms ' +
    'reconnect.backoff.ms repartition.purge.interval.ms replication.factor request.timeout.ms retries retry.backoff.ms ' +
    'rocksdb.config.setter security.protocol send.buffer.bytes session.timeout.ms state.cleanup.delay.ms state.dir ' +
    'statestore.cache.max.bytes task.timeout.ms topology.optimization transaction.timeout.ms transactional.id upgrade.from ' +
    'value.deserializer value.serializer windowstore.changelog.additional.retention.ms'
  ).split(' '),
);

/** Refuses properties that neither ksqlDB nor Kafka's clients know. */
export function checkPropertyNames(properties: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(properties)) {
    const bare = name.replace(
      /^(ksql\.streams\.)?(consumer\.|producer\.|admin\.|main\.consumer\.|restore\.consumer\.|global\.consumer\.)?/,
      '',
    );
    if (KNOWN.has(bare) || /^(ksql|sasl|ssl|confluent|topic)\./.test(bare)) continue;
    throw new KsqlError(`Not recognizable as ksql, streams, consumer, or producer property: '${name}'`, {
      status: 500,
      code: 50000,
      statementText: null,
    });
  }
}
