import { type KsqldbClient, ShopError } from '@shop/common';
import { z } from 'zod';

/** A stream or table as ksqlDB lists it. */
interface ListedSource {
  kind: 'STREAM' | 'TABLE';
  topic: string;
}

/** A persistent query as ksqlDB lists it. */
interface ListedQuery {
  id: string;
  /** RUNNING, ERROR, PAUSED, UNRESPONSIVE. */
  state: string;
}

/** What a ksqlDB server holds. */
export interface Catalogue {
  /** Streams and tables by name. */
  sources: Map<string, ListedSource>;
  /** The query that fills a stream or table, by the latter's name. */
  queries: Map<string, ListedQuery>;
}

const source = z.looseObject({ type: z.enum(['STREAM', 'TABLE']), name: z.string(), topic: z.string() });
const answers = z.array(
  z.discriminatedUnion('@type', [
    z.looseObject({ '@type': z.literal('streams'), streams: z.array(source) }),
    z.looseObject({ '@type': z.literal('tables'), tables: z.array(source) }),
    z.looseObject({
      '@type': z.literal('queries'),
      queries: z.array(
        z.looseObject({
          id: z.string(),
          sinks: z.array(z.string()),
          state: z.string(),
          statusCount: z.record(z.string(), z.number()).default({}),
        }),
      ),
    }),
  ]),
);

/** @throws KsqldbError, or ShopError for an answer that is not ksqlDB's */
export async function readCatalogue(ksqldb: Pick<KsqldbClient, 'execute'>): Promise<Catalogue> {
  const parsed = answers.safeParse(await ksqldb.execute('LIST STREAMS; LIST TABLES; LIST QUERIES;'));
  if (!parsed.success)
    throw new ShopError('ksqldb_answer', `the lists are not ksqlDB's: ${parsed.error.issues[0]?.message}`, {
      cause: parsed.error,
      canRetry: true,
    });
  const catalogue: Catalogue = { sources: new Map(), queries: new Map() };
  for (const answer of parsed.data) {
    const listed = answer['@type'] === 'streams' ? answer.streams : answer['@type'] === 'tables' ? answer.tables : [];
    for (const { name, type: kind, topic } of listed) catalogue.sources.set(name, { kind, topic });
    if (answer['@type'] === 'queries')
      // ksqlDB lists a paused query as RUNNING. Only the counts show that it is paused.
      for (const { id, sinks, state, statusCount } of answer.queries)
        for (const name of sinks) catalogue.queries.set(name, { id, state: statusCount['PAUSED'] ? 'PAUSED' : state });
  }
  return catalogue;
}
