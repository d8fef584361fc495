import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLogger, ShopError } from '@shop/common';
import { createApplier, readinessQuery } from '../src/apply-statements.ts';
import { createCommandChannel } from '../src/command-channel.ts';
import { readScript } from '../src/read-statements.ts';
import { type Answer, type Asked, startRecordedServer } from './recorded-server.ts';

const statements = readScript(
  `SET 'auto.offset.reset' = 'earliest';
   CREATE STREAM IF NOT EXISTS base (x INT) WITH (KAFKA_TOPIC='t');
   CREATE TABLE IF NOT EXISTS customers AS SELECT x, COUNT(*) AS n FROM base GROUP BY x EMIT CHANGES;`,
  'ksql/statements/x.ksql',
);

const carriedOut = (name: string): Answer => ({
  body: [
    {
      '@type': 'currentStatus',
      commandId: `table/\`${name}\`/create`,
      commandStatus: { status: 'SUCCESS', message: 'Created' },
      warnings: [],
    },
  ],
});

const unknownCommand: Answer = {
  status: 404,
  body: { '@type': 'generic_error', error_code: 40400, message: 'Command not found' },
};

/** A ksqlDB that remembers what was created, unless `exception` has another answer. */
async function startServer(
  t: TestContext,
  exception: (asked: Asked, made: Map<string, 'STREAM' | 'TABLE'>) => Answer | undefined = () => undefined,
) {
  const made = new Map<string, 'STREAM' | 'TABLE'>();
  const lists = (): Answer => {
    const named = (kind: string) =>
      [...made].filter(([, type]) => type === kind).map(([name, type]) => ({ name, type, topic: name }));
    return {
      body: [
        { '@type': 'streams', streams: named('STREAM') },
        { '@type': 'tables', tables: named('TABLE') },
        {
          '@type': 'queries',
          queries: named('TABLE').map(({ name }) => ({ id: name, sinks: [name], state: 'RUNNING' })),
        },
      ],
    };
  };
  const server = await startRecordedServer(t, (asked) => {
    const special = exception(asked, made);
    if (special) return special;
    if (asked.ksql.startsWith('LIST')) return lists();
    if (asked.path.startsWith('/status/')) return unknownCommand;
    if (asked.ksql === readinessQuery) return { body: [{ columnNames: ['X'], columnTypes: ['INTEGER'] }] };
    const [, kind, name = ''] = /^CREATE (STREAM|TABLE) IF NOT EXISTS (\w+)/.exec(asked.ksql) ?? [];
    made.set(name.toUpperCase(), kind === 'STREAM' ? 'STREAM' : 'TABLE');
    return carriedOut(name.toUpperCase());
  });
  const applied: string[] = [];
  let ensured = 0;
  const logger = createLogger('ksql', { LOG_LEVEL: 'silent' });
  const plan = { ksqldb: server.ksqldb, logger, signal: new AbortController().signal };
  const apply = createApplier({
    ...plan,
    channel: createCommandChannel({ ...plan, commands: server.ksqldb, lostAfterMs: 60_000, suspectedMs: 60_000 }),
    guard: { check: async () => undefined, forget() {} },
    kafka: { listTopics: async () => new Set() },
    statements,
    ensureSources: async () => {
      ensured += 1;
    },
    onApplied: ({ name }) => applied.push(name),
  });
  return { ...server, made, applied, apply, ensured: () => ensured };
}

test('sends the missing statements one at a time, from earliest; then only checks; then repairs', async (t) => {
  const { apply, applied, asked, made, ensured } = await startServer(t);
  await apply();
  assert.deepEqual(applied, ['BASE', 'CUSTOMERS']);
  assert.deepEqual(
    asked.filter(({ ksql }) => ksql.startsWith('CREATE')).map(({ properties }) => properties),
    [{ 'auto.offset.reset': 'earliest' }, { 'auto.offset.reset': 'earliest' }],
  );

  asked.length = 0;
  await apply();
  assert.deepEqual(
    asked.map(({ ksql }) => ksql),
    ['LIST STREAMS; LIST TABLES; LIST QUERIES;', readinessQuery],
  );
  assert.equal(ensured(), 1);

  made.clear();
  await apply();
  assert.deepEqual(applied, ['BASE', 'CUSTOMERS', 'BASE', 'CUSTOMERS']);
});

test('asks about a statement that is still running until it is done', async (t) => {
  const states = ['QUEUED', 'EXECUTING', 'SUCCESS'];
  const { apply, asked, applied } = await startServer(t, ({ ksql, path }, made) => {
    if (path.startsWith('/status/') && made.has('CUSTOMERS'))
      return { body: { status: states.shift(), message: 'm', queryId: null } };
    if (!ksql.startsWith('CREATE TABLE')) return undefined;
    made.set('CUSTOMERS', 'TABLE');
    const commandStatus = { status: 'EXECUTING', message: 'Executing statement' };
    return { body: [{ '@type': 'currentStatus', commandId: 'table/`CUSTOMERS`/create', commandStatus }] };
  });
  await apply();
  assert.deepEqual(applied, ['BASE', 'CUSTOMERS']);
  assert.equal(asked.filter(({ path }) => path === '/status/table/`CUSTOMERS`/create').length, 4);
});

test('a statement that was accepted but is never listed does not count as done', async (t) => {
  const { apply } = await startServer(t, ({ ksql }) =>
    ksql.startsWith('CREATE TABLE') ? carriedOut('CUSTOMERS') : undefined,
  );
  await assert.rejects(apply(), { code: 'statement_lost', canRetry: true });
});

/** Error bodies as ksqlDB 7.9 gave them. */
const error = (status: number, code: number, message: string): Answer => ({
  status,
  body: { '@type': 'statement_error', error_code: code, message, statementText: '…', entities: [] },
});

for (const [what, answer, canRetry] of [
  ['starts', error(503, 50302, 'ksqlDB is starting up'), true],
  ['carries out another one', error(500, 50000, 'Could not write the statement into the command topic.'), true],
  ['was interrupted by another', error(500, 50000, 'Producer attempted … has been fenced by a newer one.'), true],
  [
    'does not see the topic yet',
    error(400, 40000, "Topic 't' does not exist. If you want to create a new topic"),
    true,
  ],
  ['knows no such word', error(400, 40001, "line 1:81: Syntax Error\nUnknown statement 'SELEC'"), false],
  ['knows no such format', error(400, 40001, 'Unknown format: YAML'), false],
  [
    'finds the topic with another number of partitions',
    error(500, 50000, "A Kafka topic with the name 'X' already exists, with different partition/replica/retention"),
    false,
  ],
  ['refuses the login', error(401, 40100, 'Unauthorized'), false],
] as const)
  test(`a server that ${what}: ${canRetry ? 'retried soon' : 'reported with file and statement'}`, async (t) => {
    const { apply } = await startServer(t, ({ ksql }) => (ksql.startsWith('CREATE TABLE') ? answer : undefined));
    await assert.rejects(
      apply(),
      (thrown) =>
        thrown instanceof ShopError &&
        thrown.canRetry === canRetry &&
        thrown.message.startsWith('ksql/statements/x.ksql, line 3, TABLE CUSTOMERS: ') &&
        !thrown.message.includes('\n'),
    );
  });

for (const [what, answer, canRetry] of [
  ['refused', error(400, 40001, 'Unknown format: YAML'), false],
  ['without its topic', error(400, 40000, "Topic 't' does not exist. If you want to …"), true],
] as const)
  test(`a statement that is ${what} does not delay the others`, async (t) => {
    const { apply, applied } = await startServer(t, ({ ksql }) =>
      ksql.startsWith('CREATE STREAM') ? answer : undefined,
    );
    await assert.rejects(apply(), { message: /STREAM BASE/, canRetry });
    assert.deepEqual(applied, ['CUSTOMERS']);
  });

test('a busy server gets no more requests in this round', async (t) => {
  const busy = error(500, 50000, 'Could not write the statement into the command topic.');
  const { apply, asked } = await startServer(t, ({ ksql }) => (ksql.startsWith('CREATE') ? busy : undefined));
  await assert.rejects(apply(), { message: /STREAM BASE/, canRetry: true });
  assert.equal(asked.filter(({ ksql }) => ksql.startsWith('CREATE')).length, 1);
});

test('waits for a table that cannot be queried yet', async (t) => {
  const { apply } = await startServer(t, ({ ksql }) =>
    ksql === readinessQuery
      ? error(400, 40001, 'Materialized data for table CUSTOMERS is not available yet.')
      : undefined,
  );
  await assert.rejects(apply(), { canRetry: true });
});

test('reports a statement that failed during its execution', async (t) => {
  const { apply } = await startServer(t, ({ ksql }) => {
    const commandStatus = { status: 'ERROR', message: 'Failed to create' };
    return ksql.startsWith('CREATE')
      ? { body: [{ '@type': 'currentStatus', commandId: 'stream/`BASE`/create', commandStatus }] }
      : undefined;
  });
  await assert.rejects(apply(), /line 2, STREAM BASE: ERROR: Failed to create/);
});
