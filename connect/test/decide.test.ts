import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectorStatus } from '../src/connect-client.ts';
import { decide, describeTrace } from '../src/decide.ts';

const config = { name: 'customers', 'poll.interval.ms': '100' };
const states = (connector: string, ...tasks: string[]): ConnectorStatus => ({
  connector: { state: connector },
  tasks: tasks.map((state, id) => ({ id, state })),
});

for (const [what, running, status, action] of [
  ['not there', undefined, undefined, 'create'],
  ['another value', { ...config, 'poll.interval.ms': '500' }, states('RUNNING', 'RUNNING'), 'update'],
  ['a parameter too many', { ...config, 'slot.name': 's' }, states('RUNNING', 'RUNNING'), 'update'],
  ['paused with another value', { name: 'customers' }, states('PAUSED', 'PAUSED'), 'update'],
  ['all running', config, states('RUNNING', 'RUNNING', 'RUNNING'), 'nothing'],
  ['a failed task', config, states('RUNNING', 'RUNNING', 'FAILED'), 'restart'],
  ['a failed connector', config, states('FAILED'), 'restart'],
  ['paused', config, states('PAUSED', 'PAUSED'), 'leave'],
  ['stopped', config, states('STOPPED'), 'leave'],
  ['paused with a task that had failed', config, states('PAUSED', 'FAILED'), 'leave'],
  ['no status yet', config, undefined, 'wait'],
  ['no task yet', config, states('RUNNING'), 'wait'],
  ['being moved to another worker', config, states('RUNNING', 'UNASSIGNED'), 'wait'],
  ['being restarted', config, states('RESTARTING', 'RUNNING'), 'wait'],
] as const)
  test(`${what}: ${action}`, () => {
    assert.equal(decide(config, running, status).do, action);
  });

for (const [what, status, part] of [
  ['the connector, without any status', undefined, 'connector'],
  ['the connector, without a task', states('RUNNING'), 'connector'],
  ['the connector beside a task that runs', states('UNASSIGNED', 'RUNNING'), 'connector'],
  ['a task', states('RUNNING', 'RUNNING', 'UNASSIGNED'), 1],
] as const)
  test(`names the part that is waited for: ${what}`, () => {
    const action = decide(config, config, status);
    assert.equal(action.do === 'wait' && action.part, part);
  });

test('names the parameters that differ, and no value', () => {
  const running = { name: 'customers', 'poll.interval.ms': '500', 'database.password': 'p' };
  assert.deepEqual(decide(config, running, undefined), {
    do: 'update',
    parameters: ['database.password', 'poll.interval.ms'],
  });
});

test('names what failed and its innermost cause', () => {
  // As Connect 4.3 reported a publication that a user had dropped.
  const trace = [
    'org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer.',
    '\tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)',
    'Caused by: org.apache.kafka.connect.errors.ConnectException: Publication autocreation is disabled.',
    '\tat io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.execute(…)',
    '\t... 10 more',
    '',
  ].join('\n');
  assert.deepEqual(
    decide(config, config, { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'FAILED', trace }] }),
    {
      do: 'restart',
      reason: 'task 0: ConnectException: Publication autocreation is disabled.',
    },
  );
  assert.equal(describeTrace('java.lang.OutOfMemoryError: heap\n\tat x'), 'OutOfMemoryError: heap');
  assert.equal(describeTrace(undefined), 'FAILED');
});
