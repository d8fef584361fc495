import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShopError } from '@shop/common';
import { createConnectClient } from '../src/connect-client.ts';
import { startSmallConnect } from './small-connect.ts';

const config = { 'connector.class': 'C', name: 'a/b' };

test('creates, reads and restarts a connector, whatever its name', async (t) => {
  const { connect, asked } = await startSmallConnect(t);
  assert.equal(await connect.readConfig('a/b'), undefined);
  assert.equal(await connect.readStatus('a/b'), undefined);
  await connect.putConfig('a/b', config);
  assert.deepEqual(await connect.readConfig('a/b'), config);
  assert.equal((await connect.readStatus('a/b'))?.tasks[0]?.state, 'RUNNING');
  await connect.restartFailed('a/b');
  assert.equal(asked.at(-1), 'POST /connectors/a%2Fb/restart?includeTasks=true&onlyFailed=true');
  await connect.restartPart('a/b', 'connector');
  await connect.restartPart('a/b', 0);
  assert.deepEqual(asked.slice(-2), ['POST /connectors/a%2Fb/restart', 'POST /connectors/a%2Fb/tasks/0/restart']);
});

/** Answers of Connect 4.3. */
const invalid = (words: string) =>
  `Connector configuration is invalid and contains the following 1 error(s):\n${words}\nYou can also find the above list of errors at the endpoint \`/connector-plugins/{connectorType}/config/validate\``;

for (const [what, status, message, code, canRetry] of [
  ['is dividing its work', 409, 'Cannot complete request because of a conflicting operation', 'connect_answer', true],
  ['timed out itself', 500, 'Request timed out', 'connect_answer', true],
  ['has no such plug-in', 500, 'Failed to find any class that implements Connector', 'connect_answer', false],
  [
    'could not reach the database',
    400,
    invalid('Error while validating connector config: Connection to 127.0.0.1:5432 refused. Check that …'),
    'connect_refused',
    true,
  ],
  ['refuses a value', 400, invalid("The 'slot.name' value is invalid: …"), 'connect_refused', false],
] as const)
  test(`a worker that ${what}: ${canRetry ? 'retried' : 'reported'}`, async (t) => {
    const { connect } = await startSmallConnect(t, () => ({ status, body: { error_code: status, message } }));
    await assert.rejects(
      connect.putConfig('a', config),
      (error) =>
        error instanceof ShopError &&
        error.code === code &&
        error.canRetry === canRetry &&
        !/You can also|\n/.test(error.message),
    );
  });

test('the page that a starting worker returns is not mistaken for "no such connector"', async (t) => {
  const { connect } = await startSmallConnect(t, () => ({ status: 404, body: '<html>Not Found</html>' }));
  await assert.rejects(connect.readConfig('a'), { canRetry: true });
});

test('recognizes an answer of another program than Connect', async (t) => {
  const { connect } = await startSmallConnect(t, () => ({ status: 200, body: '<html>Welcome</html>' }));
  await assert.rejects(connect.readStatus('a'), { code: 'connect_answer', canRetry: true });
});

test('a server that does not listen can be waited for', async () => {
  const connect = createConnectClient('http://127.0.0.1:1', new AbortController().signal);
  await assert.rejects(connect.readConfig('a'), { code: 'connect_away', canRetry: true, message: /127\.0\.0\.1:1/ });
});
