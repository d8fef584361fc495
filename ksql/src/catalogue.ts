import { type KsqldbClient, ShopError } from '@shop/common';
import { z } from 'zod';

/** What a ksqlDB holds. */
export interface Catalogue {
  /** Streams and tables by name. */
  sources: Map<string, 'STREAM' | 'TABLE'>;
  /** The state of the query that fills a stream or table, by the latter's name: RUNNING, ERROR, PAUSED, UNRESPONSIVE. */
  queryStates: Map<string, string>;
}

const source = z.looseObject({ type: z.enum(['STREAM', 'TABLE']), name: z.string() });
const answers = z.array(
  z.discriminatedUnion('@type', [
    z.looseObject({ '@type': z.literal('streams'), streams: z.array(source) }),
    z.looseObject({ '@type': z.literal('tables'), tables: z.array(source) }),
    z.looseObject({
      '@type': z.literal('queries'),
      queries: z.array(z.looseObject({ sinks: z.array(z.string()), state: z.string() })),
    }),
  ]),
);

/** @throws KsqldbError, or ShopError for an answer that is not ksqlDB's */
export async function readCatalogue(ksqldb: KsqldbClient): Promise<Catalogue> {
  const parsed = answers.safeParse(await ksqldb.execute('LIST STREAMS; LIST TABLES; LIST QUERIES;'));
  if (!parsed.success)
    throw new ShopError('ksqldb_answer', `the lists are not ksqlDB's: ${parsed.error.issues[0]?.message}`, {
      cause: parsed.error,
      canRetry: true,
    });
  const catalogue: Catalogue = { sources: new Map(), queryStates: new Map() };
  for (const answer of parsed.data) {
    if (answer['@type'] === 'streams') for (const { name, type } of answer.streams) catalogue.sources.set(name, type);
    else if (answer['@type'] === 'tables')
      for (const { name, type } of answer.tables) catalogue.sources.set(name, type);
    else
      for (const { sinks, state } of answer.queries) for (const name of sinks) catalogue.queryStates.set(name, state);
  }
  return catalogue;
}
