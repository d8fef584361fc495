import { createIdempotentProducer } from '@shop/common';
import { KsqlError } from '../errors.ts';
import { compileCast } from '../expressions/cast.ts';
import { compile } from '../expressions/compile.ts';
import type { Expression, InsertValues } from '../parser/ast.ts';
import { quoteName } from '../parser/format-expression.ts';
import { keyFormat, valueFormat } from '../serde/format.ts';
import { allColumns, type Column } from '../types/schema.ts';
import { formatType, isNumeric, type SqlType, sameType } from '../types/sql-type.ts';
import { isTime, parseTime } from '../types/times.ts';
import type { Value } from '../types/value.ts';
import type { ServerState } from './server-state.ts';

/** INSERT INTO … VALUES: writes one record and waits for Kafka's acknowledgement. */
export async function insertValues({ catalogue, session }: ServerState, statement: InsertValues): Promise<void> {
  const { into } = statement;
  const source = catalogue.find(into);
  if (source === undefined)
    throw new KsqlError(`Cannot insert values into an unknown stream/table: \`${into}\``, {
      code: 40000,
      statementText: null,
    });
  const statementText = `INSERT INTO \`${into}\` (${statement.columns.map((name) => `\`${name}\``).join(', ')}) VALUES (${statement.values.map(() => "'[value]'").join(', ')});`;
  if (source.readOnly)
    throw new KsqlError(`Cannot insert values into read-only ${source.kind.toLowerCase()}: ${into}`, {
      code: 40000,
      statementText: null,
    });
  const columns = allColumns(source.schema);
  const named = statement.columns.length === 0 ? columns.map(({ name }) => name) : statement.columns;
  const failed = (why: string): KsqlError =>
    new KsqlError(`Failed to insert values into '${into}'. ${why}`, { statementText });
  if (named.length !== statement.values.length) {
    if (statement.columns.length > 0)
      throw new KsqlError(
        `Failed to prepare statement: Expected number columns and values to match: ${named.length}, ${statement.values.length}`,
        { statementText },
      );
    throw failed(
      `Expected a value for each column. Expected Columns: [${columns.map(({ name }) => `\`${name}\``).join(', ')}]. Got ${statement.values.length}`,
    );
  }
  const values = new Map<string, Value>();
  let timestamp: number | undefined;
  named.forEach((name, i) => {
    const expression = statement.values[i];
    const column =
      name === 'ROWTIME' ? { name, type: { base: 'BIGINT' } as const } : columns.find((each) => each.name === name);
    if (column === undefined || expression === undefined)
      throw failed(`Column name ${quoteTick(name)} does not exist.`);
    const value = coerce(expression, column, failed);
    if (name === 'ROWTIME') timestamp = Number(value);
    else values.set(name, value);
  });
  const of = (part: readonly Column[]): Value[] => part.map(({ name }) => values.get(name) ?? null);
  if (source.kind === 'TABLE' && of(source.schema.key).includes(null))
    throw failed(
      `Value for primary key column(s) ${source.schema.key.map(({ name }) => name).join(', ')} is required for tables`,
    );
  const producer = createIdempotentProducer(session.kafka);
  await producer.connect();
  try {
    await producer.send({
      topic: source.topic,
      messages: [
        {
          key: keyFormat(source.keyFormat, source.schema.key).write(of(source.schema.key)),
          value: valueFormat(source.valueFormat, source.schema.value).write(of(source.schema.value)),
          ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
        },
      ],
    });
  } finally {
    await producer.disconnect();
  }
}

const quoteTick = (name: string): string => `\`${name}\``;

const widerTypes: Readonly<Record<string, readonly SqlType['base'][]>> = {
  INTEGER: ['BIGINT', 'DECIMAL', 'DOUBLE'],
  BIGINT: ['DECIMAL', 'DOUBLE'],
  DECIMAL: ['DECIMAL', 'DOUBLE'],
};

/** Evaluates the expression as the column's type: widens numbers, parses times, and converts nothing else. */
function coerce(expression: Expression, { name, type }: Column, failed: (why: string) => KsqlError): Value {
  const compiled = compile(expression, { scope: [], clause: 'VALUES' });
  if (compiled.type === null) return null;
  if (sameType(compiled.type, type)) return compiled.evaluate([]);
  if (compiled.type.base === 'STRING' && isTime(type)) {
    const text = String(compiled.evaluate([]));
    const value = parseTime(type.base, text);
    if (value === undefined) throw failed(`'${text}' is not a ${type.base}.`);
    return value;
  }
  const loses = compiled.type.base === 'DECIMAL' && type.base === 'DECIMAL' && compiled.type.scale > type.scale;
  if (!loses && isNumeric(compiled.type) && (widerTypes[compiled.type.base] ?? []).includes(type.base))
    return compileCast(compiled, type).evaluate([]);
  if (type.base === 'STRUCT' || type.base === 'ARRAY' || type.base === 'MAP') return compiled.evaluate([]);
  throw failed(
    `Expected type ${formatType(type)} for field ${quoteName(name) === name ? `\`${name}\`` : quoteName(name)} but got ${formatType(compiled.type)}(${String(compiled.evaluate([]))})`,
  );
}
