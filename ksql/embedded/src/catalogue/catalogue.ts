import type { RunningQuery } from '../engine/running-query.ts';
import { KsqlError } from '../errors.ts';
import type { Source } from './source.ts';

/** A persistent query and what it stands between. */
export interface CataloguedQuery {
  readonly id: string;
  readonly statementText: string;
  readonly sinkName: string | null;
  readonly sinkTopic: string | null;
  readonly sourceNames: readonly string[];
  readonly running: RunningQuery;
}

/** All streams, tables and persistent queries there are. */
export class Catalogue {
  readonly sources = new Map<string, Source>();
  readonly queries = new Map<string, CataloguedQuery>();

  readonly find = (name: string): Source | undefined => this.sources.get(name);

  require(name: string): Source {
    const source = this.sources.get(name);
    if (source === undefined) throw new KsqlError(`${name} does not exist.`);
    return source;
  }

  /** The queries that read the source. */
  readersOf(name: string): CataloguedQuery[] {
    return [...this.queries.values()].filter(
      ({ sourceNames, sinkName }) => sourceNames.includes(name) && sinkName !== name,
    );
  }

  /** The query that writes the source. */
  writerOf(name: string): CataloguedQuery | undefined {
    return [...this.queries.values()].find(({ sinkName }) => sinkName === name);
  }

  /** The query that keeps a table's rows where pull queries find them. */
  keeperOf(source: Source): CataloguedQuery | undefined {
    return source.queryId === null ? undefined : this.queries.get(source.queryId);
  }
}
