import { KsqlError, notSupported } from '../errors.ts';
import type { Properties } from '../parser/ast.ts';
import type { FormatName } from '../serde/format.ts';

/** The supported properties of a WITH clause. */
export interface WithProperties {
  readonly topic?: string;
  readonly partitions?: number;
  readonly keyFormat?: FormatName;
  readonly valueFormat?: FormatName;
}

/** Properties that this server accepts and ignores. */
const ignoredNames = new Set(['REPLICAS', 'RETENTION_MS', 'CLEANUP_POLICY']);
const missingNames: Readonly<Record<string, string>> = {
  TIMESTAMP: 'the TIMESTAMP property',
  TIMESTAMP_FORMAT: 'the TIMESTAMP_FORMAT property',
  WINDOW_TYPE: 'windowed sources',
  WINDOW_SIZE: 'windowed sources',
  KEY_DELIMITER: 'the DELIMITED format',
  VALUE_DELIMITER: 'the DELIMITED format',
  WRAP_SINGLE_VALUE: 'WRAP_SINGLE_VALUE',
  KEY_SCHEMA_ID: 'Schema Registry',
  VALUE_SCHEMA_ID: 'Schema Registry',
  KEY_SCHEMA_FULL_NAME: 'Schema Registry',
  VALUE_SCHEMA_FULL_NAME: 'Schema Registry',
};
const knownNames = ['KAFKA_TOPIC', 'PARTITIONS', 'FORMAT', 'KEY_FORMAT', 'VALUE_FORMAT'];
const missingFormats = ['DELIMITED', 'AVRO', 'JSON_SR', 'PROTOBUF', 'PROTOBUF_NOSR'];

/** Kafka's topic names. kafkajs would retry an invalid one and so delay every later statement. */
const validTopicName = /^(?!\.\.?$)[\w.-]{1,249}$/;
const invalidTopic = (topic: string): KsqlError =>
  new KsqlError(
    `Failed to check if exists for topic: ${topic}\nCaused by: The request attempted to perform an operation on an invalid topic.`,
    { status: 500, code: 50000 },
  );

export function readProperties(properties: Properties): WithProperties {
  for (const name of properties.keys()) {
    const missing = missingNames[name];
    if (missing !== undefined) throw notSupported(missing);
    if (!knownNames.includes(name) && !ignoredNames.has(name))
      throw new KsqlError(`Failed to prepare statement: Invalid config variable(s) in the WITH clause: ${name}`);
  }
  const format = readFormat(properties, 'FORMAT');
  const key = readFormat(properties, 'KEY_FORMAT');
  const value = readFormat(properties, 'VALUE_FORMAT');
  if (format !== undefined && (key !== undefined || value !== undefined)) {
    throw new KsqlError(
      `Cannot supply both '${key === undefined ? 'VALUE_FORMAT' : 'KEY_FORMAT'}' and 'FORMAT' properties, as 'FORMAT' sets both key and value formats.`,
    );
  }
  const topic = properties.get('KAFKA_TOPIC');
  if (topic === '')
    throw new KsqlError(
      'Failed to prepare statement: Invalid value  for property KAFKA_TOPIC: String must be non-empty',
    );
  if (topic !== undefined && !validTopicName.test(String(topic))) throw invalidTopic(String(topic));
  const partitions = properties.get('PARTITIONS');
  if (partitions !== undefined && !/^-?\d+$/.test(String(partitions)))
    throw new KsqlError(
      `Failed to prepare statement: Invalid value ${partitions} for property PARTITIONS: Not a number of type INT`,
    );
  if (partitions !== undefined && !(Number(partitions) >= 1))
    throw new KsqlError('Invalid number of partitions in WITH clause (must be positive).');
  const [keyFormat, valueFormat] = [key ?? format, value ?? format];
  return {
    ...(topic === undefined ? {} : { topic: String(topic) }),
    ...(partitions === undefined ? {} : { partitions: Number(partitions) }),
    ...(keyFormat === undefined ? {} : { keyFormat }),
    ...(valueFormat === undefined ? {} : { valueFormat }),
  };
}

function readFormat(properties: Properties, name: string): FormatName | undefined {
  const given = properties.get(name);
  if (given === undefined) return undefined;
  const format = String(given).toUpperCase();
  if (format === 'JSON' || format === 'KAFKA') return format;
  if (format === 'NONE' && name !== 'VALUE_FORMAT') return format;
  if (missingFormats.includes(format)) throw notSupported(`the ${format} format`);
  if (format === 'NONE') throw notSupported("VALUE_FORMAT 'NONE'");
  throw new KsqlError(`Unknown format: ${format}`);
}

/** Formats properties as ksqlDB does: names and formats in upper case. */
export function normaliseProperties(properties: Properties, defaults: Record<string, string | number>): Properties {
  const upper = [...properties].map(
    ([name, value]) => [name, name.endsWith('FORMAT') ? String(value).toUpperCase() : value] as const,
  );
  return new Map<string, string | number | boolean>([...Object.entries(defaults), ...upper]);
}
