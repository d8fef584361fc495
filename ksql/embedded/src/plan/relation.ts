import type { Source } from '../catalogue/source.ts';
import type { Scope } from '../expressions/scope.ts';
import { scopeOf } from '../expressions/scope.ts';
import type { StreamStep, TableStep } from '../operators/events.ts';
import { type OnUnreadable, type Receive, streamSource, type TimeOf, tableSource } from '../operators/read-source.ts';
import type { Expression, SourceKind } from '../parser/ast.ts';
import type { Store } from '../state/store.ts';
import type { AliasedSource } from './analyse.ts';

/** What a plan needs when it is built: stores for its state, and records from topics. */
export interface Runtime {
  /** Opens a store. */
  store(name: string, partitions: number): Store;
  /** Registers a receiver of the topic's records. Tables are read before streams, so that a row finds its match. */
  receive(topic: string, kind: SourceKind, receive: Receive): void;
  /** The ROWTIME of a key's result row. */
  readonly timeOf?: TimeOf;
  readonly onUnreadable: OnUnreadable;
}

interface RelationBase {
  readonly scope: Scope;
  readonly partitions: number;
  /** For each key column, the expressions that are equal to it, preferred first. Empty for a stream without a key. */
  readonly keys: readonly { readonly equals: readonly Expression[] }[];
  readonly source: Source;
}

interface StreamRelation extends RelationBase {
  readonly kind: 'STREAM';
  readonly build: (runtime: Runtime, next: StreamStep) => void;
}

interface TableRelation extends RelationBase {
  readonly kind: 'TABLE';
  /** `needsBefore` keeps the rows in a store, so that each change has `before`. */
  readonly build: (runtime: Runtime, next: TableStep, needsBefore: boolean) => void;
}

export type Relation = StreamRelation | TableRelation;

/** The relation of a single source. */
export function sourceRelation({ alias, source }: AliasedSource): Relation {
  const keys = source.schema.key.map(({ name }) => ({
    equals: [{ kind: 'column', source: alias, name, at: { line: 1, column: 1 } }] as const,
  }));
  const base = { scope: scopeOf(alias, source.schema), partitions: source.partitions, keys, source };
  if (source.kind === 'STREAM') {
    return {
      ...base,
      kind: 'STREAM',
      build: (runtime, next) =>
        runtime.receive(source.topic, 'STREAM', streamSource(source, runtime.onUnreadable, next)),
    };
  }
  return {
    ...base,
    kind: 'TABLE',
    build(runtime, next, needsBefore) {
      const store = needsBefore ? runtime.store(`source-${source.name}`, source.partitions) : undefined;
      const rowtime = source.schema.key.length + source.schema.value.length;
      const stored: TimeOf | undefined = store && ((partition, id) => store.get(partition, id)?.[rowtime]);
      const timeOf = stored ?? runtime.timeOf;
      runtime.receive(
        source.topic,
        'TABLE',
        tableSource(source, { store, ...(timeOf && { timeOf }) }, runtime.onUnreadable, next),
      );
    },
  };
}
