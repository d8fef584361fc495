import type { RunningQuery } from '../engine/running-query.ts';
import type { Source } from './source.ts';

/** A persistent query, with the sources that it reads and the sink that it writes. */
export interface CataloguedQuery {
  readonly id: string;
  readonly statementText: string;
  readonly sinkName: string | null;
  readonly sinkTopic: string | null;
  readonly sourceNames: readonly string[];
  readonly running: RunningQuery;
}

export type Catalogue = ReturnType<typeof createCatalogue>;

/** The streams, tables and persistent queries of the server. */
export function createCatalogue() {
  const sources = new Map<string, Source>();
  const queries = new Map<string, CataloguedQuery>();

  return {
    sources,
    queries,
    find: (name: string): Source | undefined => sources.get(name),

    /** The queries that read the source. */
    readersOf: (name: string): CataloguedQuery[] =>
      [...queries.values()].filter(({ sourceNames, sinkName }) => sourceNames.includes(name) && sinkName !== name),

    /** The query that writes the source. */
    writerOf: (name: string): CataloguedQuery | undefined =>
      [...queries.values()].find(({ sinkName }) => sinkName === name),

    /** The query whose result pull queries on the source read. */
    keeperOf: ({ queryId }: Source): CataloguedQuery | undefined =>
      queryId === null ? undefined : queries.get(queryId),
  };
}
