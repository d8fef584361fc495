import { useEffect } from 'preact/hooks';
import { control } from '../state/commands.ts';
import { isQueryRunning, queryAnswer, queryError, querySql, runQuery, stopQuery } from '../state/query.ts';
import { summarise } from '../text/answer-tables.ts';
import { exampleQueries } from '../text/example-queries.ts';
import { Answer } from './answer.tsx';
import { Boundary } from './boundary.tsx';
import { ControlNotice } from './control.tsx';

/** Where a visitor asks the shop's ksqlDB. A query ends when they leave. */
export function Query() {
  useEffect(() => stopQuery, []);
  return (
    <>
      <Boundary name="Control">
        <ControlNotice />
      </Boundary>
      <Boundary name="Ask ksqlDB">
        <section class="card query" aria-labelledby="query-title">
          <header class="card-head">
            <h2 id="query-title">Ask ksqlDB</h2>
            <p class="card-note">
              SELECT, SHOW, LIST, DESCRIBE or EXPLAIN; at most 1,000 rows and 30 s. Nothing here can change the shop.
            </p>
          </header>
          <Examples />
          <QueryForm />
          <Result />
        </section>
      </Boundary>
    </>
  );
}

function Examples() {
  const run = (sql: string) => {
    querySql.value = sql;
    if (control.value === 'on') void runQuery();
  };
  return (
    <>
      <ul class="candidates" aria-label="Examples">
        {exampleQueries.map(({ name, sql }) => (
          <li key={name}>
            <button type="button" class="button" aria-pressed={sql === querySql.value} onClick={() => run(sql)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet">{exampleQueries.find(({ sql }) => sql === querySql.value)?.about}</p>
    </>
  );
}

function QueryForm() {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void runQuery();
      }}
    >
      <label class="visually-hidden" for="query-sql">
        Query
      </label>
      <textarea
        id="query-sql"
        rows={3}
        maxLength={900}
        spellcheck={false}
        value={querySql.value}
        onInput={({ currentTarget: { value } }) => {
          querySql.value = value;
        }}
      />
      <button type="submit" class="button" disabled={control.value !== 'on'}>
        Run
      </button>
      <button type="button" class="button" disabled={!isQueryRunning.value} onClick={stopQuery}>
        Stop
      </button>
    </form>
  );
}

function Result() {
  const [answer, error] = [queryAnswer.value, queryError.value];
  return (
    <>
      <p class="card-note" role="status">
        {isQueryRunning.value ? 'The query is running …' : answer && summarise(answer)}
      </p>
      {error && (
        <pre class="query-error" role="alert">
          {error}
        </pre>
      )}
      {answer && <Answer answer={answer} />}
    </>
  );
}
