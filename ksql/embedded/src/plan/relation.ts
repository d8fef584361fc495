import type { Source } from '../catalogue/source.ts';
import type { Scope } from '../expressions/scope.ts';
import { scopeOf } from '../expressions/scope.ts';
import type { StreamStep, TableStep } from '../operators/events.ts';
import { type OnUnreadable, type Receive, streamSource, type TimeOf, tableSource } from '../operators/read-source.ts';
import type { Expression, SourceKind } from '../parser/ast.ts';
import type { Store } from '../state/store.ts';
import type { AliasedSource } from './analyse.ts';

/** What a plan asks for when it is built: stores for its state, and records from topics. */
export interface Runtime {
  /** A store of so many partitions, empty or restored. */
  store(name: string, partitions: number): Store;
  /** Tables are read before streams, so that a row finds its match. */
  receive(topic: string, kind: SourceKind, receive: Receive): void;
  /** ROWTIME of the result's row of a key. */
  readonly timeOf?: TimeOf;
  readonly onUnreadable: OnUnreadable;
}

interface RelationBase {
  readonly scope: Scope;
  readonly partitions: number;
  /** Expressions that all give the key of this relation's rows, best first; none for a stream without one. */
  readonly keys: readonly { readonly equals: readonly Expression[] }[];
  readonly source: Source;
}

interface StreamRelation extends RelationBase {
  readonly kind: 'STREAM';
  readonly build: (runtime: Runtime, next: StreamStep) => void;
}

interface TableRelation extends RelationBase {
  readonly kind: 'TABLE';
  /** With `needsBefore` the rows before each change are known, which takes a store. */
  readonly build: (runtime: Runtime, next: TableStep, needsBefore: boolean) => void;
}

export type Relation = StreamRelation | TableRelation;

/** A relation that is one source. */
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
