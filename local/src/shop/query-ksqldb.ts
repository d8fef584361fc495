import { askKsqldb, type KsqldbAnswer, readKsqldbSettings, readQuestion, type ServiceContext } from '@shop/common';
import { formatCell, formatTable } from './format-table.ts';

/** Asks the shop's ksqlDB. @throws ShopError `query_refused` for what is no question, KsqldbError as ksqlDB words it */
export async function queryKsqldb(text: string, { env, signal }: ServiceContext): Promise<KsqldbAnswer> {
  return askKsqldb(readKsqldbSettings(env), readQuestion(text), signal);
}

/** An answer for a terminal: rows as a table, everything else as JSON. */
export function formatAnswer(found: KsqldbAnswer): string {
  if ('answer' in found) return JSON.stringify(found.answer, null, 2);
  const table = formatTable(
    found.columns,
    found.rows.map((row) => row.map(formatCell)),
  );
  if (found.ended === 'complete') return table;
  return `${table}\n${found.ended === 'rows' ? 'There are more rows.' : 'The query was closed after 30 s.'}`;
}
