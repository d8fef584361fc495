import type { RunningQuery } from '../engine/running-query.ts';
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

export type Catalogue = ReturnType<typeof createCatalogue>;

/** All streams, tables and persistent queries there are. */
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

    /** The query that keeps a table's rows where pull queries find them. */
    keeperOf: ({ queryId }: Source): CataloguedQuery | undefined =>
      queryId === null ? undefined : queries.get(queryId),
  };
}
