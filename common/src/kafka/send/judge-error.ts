import type { KafkajsError } from './internals.ts';

/** Answers of a broker that did not write the batch. A retry, or the next batch, may use the same sequence number. */
const notWritten = new Set([
  // Retriable
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'CONCURRENT_TRANSACTIONS',
  // Refused for what the batch is, or for who sends it
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REQUIRED_ACKS',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
]);

/** Errors of kafkajs before a byte is sent. */
const neverSent = new Set([
  'TypeError',
  'RangeError',
  'KafkaJSNotImplemented',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSInvalidVarIntError',
  'KafkaJSInvalidLongError',
]);

/** Errors that kafkajs calls final although waiting helps. */
const retriableAfterAll = new Set(['KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout']);

/** Whether the broker may have the batch after this answer, or after a request that ended with this error. */
export function mayBeWritten({ name, type }: KafkajsError): boolean {
  if (type !== undefined) return !notWritten.has(type);
  return !neverSent.has(name);
}

export function isRetriable({ name, retriable }: KafkajsError): boolean {
  return retriableAfterAll.has(name) || (retriable !== false && !neverSent.has(name));
}
