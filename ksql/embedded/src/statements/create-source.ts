import type { Source } from '../catalogue/source.ts';
import { KsqlError, notSupported } from '../errors.ts';
import type { CreateSource } from '../parser/ast.ts';
import { quoteName } from '../parser/format-expression.ts';
import { formatCreateSource } from '../parser/format-statement.ts';
import type { Column, Schema } from '../types/schema.ts';
import { formatType, type SqlType } from '../types/sql-type.ts';
import { normaliseProperties, readProperties, type WithProperties } from './with-properties.ts';

/** Checks a CREATE STREAM or TABLE as far as possible without Kafka. `partitions` is the topic's partition count. */
export function describeSource(statement: CreateSource, partitions: number, queryId: string | null): Source {
  if (!/^[\w-]+$/.test(statement.name))
    throw new KsqlError(
      `Illegal argument: Source names may only contain alphanumeric values, '_' or '-'. Got: '${statement.name}'`,
    );
  const properties = readProperties(statement.properties);
  const { topic, valueFormat } = requireBasics(statement, properties);
  const schema = readSchema(statement);
  const keyFormat = properties.keyFormat ?? 'KAFKA';
  checkKafkaFormat(schema, { key: keyFormat, value: valueFormat });
  return {
    name: statement.name,
    kind: statement.of,
    schema,
    topic,
    partitions,
    keyFormat,
    valueFormat,
    readOnly: statement.readOnly,
    queryId,
    statementText: sourceText(statement),
  };
}

export function sourceText(statement: CreateSource): string {
  const keyFormat = statement.properties.has('FORMAT') ? {} : { KEY_FORMAT: 'KAFKA' };
  const defaults = { CLEANUP_POLICY: statement.of === 'TABLE' ? 'compact' : 'delete', ...keyFormat };
  return formatCreateSource(statement, normaliseProperties(statement.properties, defaults));
}

function requireBasics(
  statement: CreateSource,
  { topic, valueFormat }: WithProperties,
): { topic: string; valueFormat: 'JSON' | 'KAFKA' } {
  if (topic === undefined)
    throw new KsqlError(
      `Failed to prepare statement: Missing required property "KAFKA_TOPIC" which has no default value.`,
    );
  if (valueFormat === undefined) {
    throw new KsqlError(
      "Statement is missing the 'VALUE_FORMAT' property from the WITH clause. Either provide one or set a default via the 'ksql.persistence.default.format.value' config.",
    );
  }
  if (valueFormat === 'NONE') throw notSupported("VALUE_FORMAT 'NONE'");
  if (statement.columns.length === 0) {
    throw new KsqlError(`The statement does not define any columns.`);
  }
  return { topic, valueFormat };
}

function readSchema({ of, columns }: CreateSource): Schema {
  for (const { name, constraint } of columns) {
    if (constraint === 'HEADERS') throw notSupported('HEADERS columns');
    const wrong = of === 'TABLE' ? 'KEY' : 'PRIMARY KEY';
    const right = of === 'TABLE' ? 'PRIMARY KEY' : 'KEY';
    if (constraint === wrong) {
      throw new KsqlError(
        `Column ${quoteName(name)} is a '${wrong}' column: please use '${right}' for ${of.toLowerCase()}s.`,
      );
    }
    if (['ROWTIME', 'ROWPARTITION', 'ROWOFFSET', 'WINDOWSTART', 'WINDOWEND'].includes(name)) {
      throw new KsqlError(`'${name}' is a reserved column name. It cannot be used as a column name.`);
    }
  }
  const pick = (key: boolean): Column[] =>
    columns.filter(({ constraint }) => (constraint !== undefined) === key).map(({ name, type }) => ({ name, type }));
  const schema = { key: pick(true), value: pick(false) };
  for (const { name, type } of schema.key)
    if (includesMap(type))
      throw new KsqlError(
        `Map keys, including types that contain maps, are not supported. Key column name: ${quoteName(name)}. Column type: ${formatType(type)}.`,
      );
  for (const { name, type } of schema.value)
    if (includesMap(type, ({ key }) => key.base !== 'STRING'))
      throw new KsqlError(
        `Value format does not support schema.\nformat: JSON\nreason: JSON only supports MAP types with STRING keys: column ${quoteName(name)}`,
      );
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new KsqlError(`Duplicate column names: ${quoteName(twice.name)}`);
  if (of === 'TABLE' && schema.key.length === 0)
    throw new KsqlError('Tables require a PRIMARY KEY. Please define the PRIMARY KEY.');
  return schema;
}

type MapType = Extract<SqlType, { base: 'MAP' }>;

/** Whether the type contains a map that satisfies `isSuch`. */
function includesMap(type: SqlType, isSuch: (map: MapType) => boolean = () => true): boolean {
  switch (type.base) {
    case 'MAP':
      return isSuch(type) || includesMap(type.value, isSuch);
    case 'ARRAY':
      return includesMap(type.element, isSuch);
    case 'STRUCT':
      return type.fields.some((field) => includesMap(field.type, isSuch));
    default:
      return false;
  }
}

const kafkaTypes = ['INTEGER', 'BIGINT', 'DOUBLE', 'STRING'];

/**
 * Checks that a key or value in the KAFKA format has one column of a simple type.
 *
 * @param refuse creates the error, which for CREATE … AS SELECT has another form
 */
export function checkKafkaFormat(
  schema: Schema,
  { key, value }: { readonly key: string; readonly value: string },
  refuse: (message: string) => KsqlError = (message) => new KsqlError(message),
): void {
  for (const [format, columns, what] of [
    [key, schema.key, 'Key'],
    [value, schema.value, 'Value'],
  ] as const) {
    if (format !== 'KAFKA') continue;
    const suffix = what === 'Key' ? ' KEY' : '';
    const listed = columns.map(({ name, type }) => `\`${name}\` ${formatType(type)}${suffix}`).join(', ');
    const unfit = (reason: string): KsqlError =>
      refuse(
        `${what} format does not support schema.\nformat: KAFKA\nschema: Persistence{columns=[${listed}], features=[]}\nreason: The 'KAFKA' format ${reason}`,
      );
    if (columns.length > 1) throw unfit(`only supports a single field. Got: [${listed}]`);
    const other = columns.find(({ type }) => !kafkaTypes.includes(type.base));
    if (other !== undefined) throw unfit(`does not support type '${other.type.base}'`);
  }
}
