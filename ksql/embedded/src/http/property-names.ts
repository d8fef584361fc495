import { KsqlError } from '../errors.ts';

/** Property names of Kafka Streams, consumers, producers and admin clients, without prefixes. */
const knownNames = new Set(
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

const prohibitedNames = ['ksql.service.id'];
const fixedNames = ['bootstrap.servers', 'ksql.headers.columns.enabled'];
const guarantees = ['at_least_once', 'exactly_once', 'exactly_once_beta', 'exactly_once_v2'];
const numberName = /(?:\.ms|\.records|\.bytes|\.buffering|\.threads|\.retries)$/;

const refused = (message: string): KsqlError => new KsqlError(message, { code: 40000, statementText: null });

/** Refuses properties that only the server's configuration may set. */
export function checkAllowed(properties: Readonly<Record<string, unknown>>): void {
  const prohibited = Object.keys(properties).filter((name) => prohibitedNames.includes(name));
  if (prohibited.length > 0)
    throw refused(
      `One or more properties overrides set locally are prohibited by the KSQL server (use UNSET to reset their default value): [${prohibited.join(', ')}]`,
    );
}

/** Whether one of the properties is fixed, so that no query can set it. */
export const isFixed = (properties: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(properties).some((name) => fixedNames.includes(name));

/** Refuses values that ksqlDB cannot parse. */
export function checkPropertyValues(properties: Readonly<Record<string, unknown>>): void {
  checkAllowed(properties);
  for (const [name, value] of Object.entries(properties)) {
    const bare = name.replace(/^ksql\.streams\./, '');
    const failed = `Failed to coerce type of value '${String(value)}' for key '${name}'\nCaused by: `;
    if (fixedNames.includes(bare)) throw refused(`${failed}Cannot override property '${name}'`);
    const invalid = `${failed}Invalid value ${String(value)} for configuration ${bare}: `;
    if (numberName.test(bare) && !/^\s*-?\d+\s*$/.test(String(value))) throw refused(`${invalid}Not a number`);
    if (bare === 'processing.guarantee' && !guarantees.includes(String(value)))
      throw refused(`${invalid}String must be one of: ${guarantees.join(', ')}`);
  }
}

/** Refuses properties that neither ksqlDB nor Kafka's clients know. */
export function checkPropertyNames(properties: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(properties)) {
    const bare = name.replace(
      /^(ksql\.streams\.)?(consumer\.|producer\.|admin\.|main\.consumer\.|restore\.consumer\.|global\.consumer\.)?/,
      '',
    );
    if (knownNames.has(bare) || /^(ksql|sasl|ssl|confluent|topic)\./.test(bare)) continue;
    throw new KsqlError(`Not recognizable as ksql, streams, consumer, or producer property: '${name}'`, {
      status: 500,
      code: 50000,
      statementText: null,
    });
  }
}
