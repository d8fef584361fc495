import type { QueryAnswer } from '../../../src/messages/query.ts';
import { type AnswerTable, cellText, toTables } from '../text/answer-tables.ts';

/** What ksqlDB answered. */
export function Answer({ answer }: { answer: QueryAnswer }) {
  const tables = toTables(answer);
  if (tables.length === 0) return <p class="empty">ksqlDB lists nothing.</p>;
  return (
    <>
      {tables.map((table, index) => (
        <Table key={`${index} ${table.title}`} table={table} />
      ))}
    </>
  );
}

function Table({ table: { title, columns, rows } }: { table: AnswerTable }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="answer-table" aria-label={title ?? 'Answer'} tabIndex={0}>
      <table>
        {title && <caption>{title}</caption>}
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((value, column) => (
                <td key={columns[column]}>{cellText(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
