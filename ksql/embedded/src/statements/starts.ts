import type { Admin } from 'kafkajs';
import type { Positions } from '../engine/running-query.ts';
import { KsqlError } from '../errors.ts';
import { offsetsOf } from '../kafka/topics.ts';
import type { SourceKind } from '../parser/ast.ts';
import type { StreamsProperties } from './server-state.ts';

const propertyNames = ['auto.offset.reset', 'ksql.streams.auto.offset.reset'];

/** The request's auto.offset.reset; undefined for the default of each kind of source. */
export function offsetReset(properties: StreamsProperties): 'earliest' | 'latest' | undefined {
  const value = propertyNames.map((name) => properties[name]).find((each) => each !== undefined);
  if (value === undefined) return undefined;
  if (value === 'earliest' || value === 'latest') return value;
  const name = propertyNames.find((each) => properties[each] !== undefined);
  throw new KsqlError(
    `Failed to coerce type of value '${String(value)}' for key '${name}'\nCaused by: Invalid value ${String(value)} for configuration ${name}: String must be one of: latest, earliest, none`,
    { code: 40000, statementText: null },
  );
}

/** The offsets at which a new query starts. The default is the first for tables, the end for streams. */
export async function startPositions(
  admin: Admin,
  inputs: readonly { topic: string; kind: SourceKind }[],
  properties: StreamsProperties,
): Promise<Positions> {
  const reset = offsetReset(properties);
  const starts: Positions = {};
  for (const { topic, kind } of inputs) {
    const from = reset ?? (kind === 'TABLE' ? 'earliest' : 'latest');
    const offsets = await offsetsOf(admin, topic);
    starts[topic] = Object.fromEntries(
      offsets.map(({ partition, low, high }) => [partition, from === 'latest' ? high : low]),
    );
  }
  return starts;
}
