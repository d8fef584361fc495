export { checkCommand, createCommand } from './commands/create-command.ts';
export { type Fault, secondsOf } from './commands/faults.ts';
export { commandAgeMs } from './commands/judge-command.ts';
export {
  type CommandHandlers,
  type CommandPlan,
  CommandRefused,
  obeyCommands,
  type PrepareFault,
} from './commands/obey-commands.ts';
export { type CommandSender, createCommandSender } from './commands/send-command.ts';
export * from './contracts/audit-result.ts';
export * from './contracts/command.ts';
export * from './contracts/connector-repair.ts';
export * from './contracts/customer.ts';
export * from './contracts/customer-table.ts';
export * from './contracts/dead-letter.ts';
export * from './contracts/duplicate-window.ts';
export * from './contracts/inventory-tables.ts';
export * from './contracts/message.ts';
export * from './contracts/order.ts';
export * from './contracts/parse-json.ts';
export * from './contracts/read-json.ts';
export * from './contracts/refill.ts';
export * from './contracts/service-status.ts';
export * from './contracts/shipment.ts';
export { readTopics, type ShopTopicName, type ShopTopics, shopTopicNames } from './contracts/shop-topics.ts';
export * from './contracts/stream-message.ts';
export * from './contracts/topic-messages.ts';
export * from './contracts/waiting-order.ts';
export { createIdSet, type IdSet } from './id-set.ts';
export { checkKafkaSettings, connectKafka, createKafka } from './kafka/connect-kafka.ts';
export { ensureTopics, type TopicDefinition } from './kafka/ensure-topics.ts';
export {
  type FollowPlan,
  followTopics,
  type TopicFollower,
} from './kafka/follow-topics/follow-topics.ts';
export { readToEnd } from './kafka/follow-topics/read-to-end.ts';
export type { TopicGap } from './kafka/follow-topics/topic-positions.ts';
export { type RecordPosition, type TopicRecord, toTopicRecord } from './kafka/follow-topics/topic-record.ts';
export { escapeJavaText, toWorkerProperties } from './kafka/java-client.ts';
export { causesOf, hasKafkaType, toKafkaError } from './kafka/kafka-error.ts';
export { keepTopics } from './kafka/keep-topics.ts';
export { createKafkaLog } from './kafka/log.ts';
export { openAdmin } from './kafka/open-admin.ts';
export { partitionOf } from './kafka/partition-of.ts';
export { createIdempotentProducer } from './kafka/producer.ts';
export { findUnreadableBatch } from './kafka/record-batches.ts';
export { type ConsumerPlan, type RunningConsumer, runConsumer } from './kafka/run-consumer.ts';
export { openSender, type Sender } from './kafka/sender.ts';
export { type AnswerEnd, askKsqldb, type KsqldbAnswer } from './ksqldb/ask-ksqldb.ts';
export { createKsqldbClient, type KsqldbClient, type StatementAnswer } from './ksqldb/client.ts';
export { KsqldbError } from './ksqldb/ksqldb-error.ts';
export { readQuestion } from './ksqldb/read-question.ts';
export { createLogger, type Logger } from './logger.ts';
export { connectPostgres, isTransientPostgresError, mayStatementSucceedLater } from './postgres/pool.ts';
export { type Product, readProducts } from './postgres/products.ts';
export { sampleCustomerIds } from './postgres/sample-customers.ts';
export { createRandom, type Random } from './random.ts';
export { findScenario, listScenarios } from './scenarios/find-scenario.ts';
export { readScenario, type Scenario } from './scenarios/read-scenario.ts';
export { createResets, runScenario } from './scenarios/run-scenario.ts';
export { createClosers } from './service/closers.ts';
export { keepDone } from './service/keep-done.ts';
export { limitTime } from './service/limit-time.ts';
export { pause } from './service/pause.ts';
export { publishStatus } from './service/publish-status.ts';
export { createReport, type Report, type ReportSnapshot } from './service/report.ts';
export { runEvery, runWithPauses } from './service/run-every.ts';
export { runService, type ServiceContext } from './service/run-service.ts';
export { readServiceSettings } from './service/service-settings.ts';
export { waitUntilDone } from './service/wait-until-done.ts';
export { exportForShell } from './settings/export-for-shell.ts';
export { type KafkaSettings, readKafkaSettings } from './settings/kafka-settings.ts';
export { type KsqldbSettings, readKsqldbSettings } from './settings/ksqldb-settings.ts';
export { type PostgresSettings, readPostgresSettings } from './settings/postgres-settings.ts';
export { readSettings } from './settings/read-settings.ts';
export { SettingError, settingExitCode } from './settings/setting-error.ts';
export * from './settings/setting-types.ts';
export * from './shop-error.ts';
