import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { untilPasses } from '@shop/test-support';
import { askKsqldb } from '../../src/ksqldb/ask-ksqldb.ts';
import { readQuestion } from '../../src/ksqldb/read-question.ts';

const header = '{"queryId":"q","columnNames":["ID"],"columnTypes":["BIGINT"]}\n';
const never = new AbortController().signal;

/** Asks a ksqlDB that answers by the given function. `closed` resolves when the query is closed there. */
async function ask(t: TestContext, answer: (response: ServerResponse) => void, { signal = never, ms = 20_000 } = {}) {
  const server = createServer((_, response) => {
    response.on('close', () => server.emit('query closed'));
    answer(response);
  });
  const closed = once(server, 'query closed');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { endpoint, source: { endpoint: 'the test', login: 'the test' } };
  const question = readQuestion('SELECT ID FROM T EMIT CHANGES LIMIT 5000');
  return { answered: askKsqldb(settings, question, signal, ms), closed };
}

test('an answer has at most 1,000 rows, and the query is closed after them', async (t) => {
  const { answered, closed } = await ask(t, (response) => void response.write(header + '[1]\n'.repeat(1_500)));
  const answer = await answered;
  assert.ok('rows' in answer);
  assert.deepEqual([answer.rows.length, answer.ended], [1_000, 'rows']);
  await closed;
});

test('when the time is over, the rows so far are the answer, and the query is closed', async (t) => {
  // A slow machine needs more time until it has the rows.
  let ms = 500;
  await untilPasses('an answer that time ended', async () => {
    ms *= 2;
    const { answered, closed } = await ask(t, (response) => void response.write(`${header}[1]\n[2]\n`), { ms });
    assert.deepEqual(await answered, { columns: ['ID'], rows: [[1], [2]], ended: 'time' });
    await closed;
  });
});

test('the query is closed when the asker leaves', async (t) => {
  const leaving = new AbortController();
  const { answered, closed } = await ask(
    t,
    (response) => void response.write(header, () => leaving.abort(new Error('left'))),
    leaving,
  );
  await assert.rejects(answered);
  await closed;
});

for (const [what, body, reason] of [
  ['an error among the rows', `${header}[1]\n{"error_code":50000,"message":"gone"}\n`, /gone/],
  ['a row that was cut off', `${header}[1]\n[2`, /cut off/],
  ['no header', '', /no header/],
] as const)
  test(`${what} is an error, not fewer rows`, async (t) => {
    const { answered } = await ask(t, (response) => void response.end(body));
    await assert.rejects(answered, reason);
  });
