import { createKsqldbClient, readKsqldbSettings, type ServiceContext, ShopError } from '@shop/common';

/** How long a query may take, ms. */
const queryMs = 30_000;

/** The rows of a SELECT, or the answer to a SHOW, DESCRIBE or EXPLAIN. */
export type QueryAnswer = { columns: string[]; rows: unknown[][] } | { answer: unknown };

/** Asks the shop's ksqlDB. @throws ShopError `query_refused` for what is no question, KsqldbError as ksqlDB words it */
export async function queryKsqldb(text: string, { env, onClose }: ServiceContext): Promise<QueryAnswer> {
  const { sql, isSelect } = readQuestion(text);
  const ksqldb = createKsqldbClient(readKsqldbSettings(env), { timeoutMs: queryMs });
  onClose(() => ksqldb.close());
  if (!isSelect) return { answer: await ksqldb.execute(sql) };
  const { columnNames, rows } = await ksqldb.pull(sql);
  return { columns: columnNames, rows };
}

/** Checks that a text is one statement that only reads. @throws ShopError `query_refused` */
export function readQuestion(text: string): { sql: string; isSelect: boolean } {
  const sql = text.trim().replace(/;+$/, '').trim();
  const [verb = ''] = /^\w+/.exec(sql.toUpperCase()) ?? [];
  if (!['SELECT', 'SHOW', 'LIST', 'DESCRIBE', 'EXPLAIN'].includes(verb))
    throw new ShopError('query_refused', 'Expected SELECT, SHOW, LIST, DESCRIBE or EXPLAIN.');
  if (/;/.test(sql.replace(/'(?:[^']|'')*'/g, ''))) throw new ShopError('query_refused', 'Expected one statement.');
  if (/\bEMIT\s+CHANGES\b/i.test(sql) && !/\bLIMIT\s+\d+\s*$/i.test(sql))
    throw new ShopError('query_refused', 'A query with EMIT CHANGES never ends. Add LIMIT 5.');
  return { sql: `${sql};`, isSelect: verb === 'SELECT' };
}
