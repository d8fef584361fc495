import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLogger } from '@shop/common';
import { readCatalogue } from '../src/catalogue.ts';
import { createCommandChannel } from '../src/command-channel.ts';
import type { QueryPosition } from '../src/query-progress.ts';
import { readScript } from '../src/read-statements.ts';
import { createTableGuard } from '../src/table-guard.ts';
import { type Answer, startRecordedServer } from './recorded-server.ts';

const statements = readScript(
  `CREATE STREAM IF NOT EXISTS base (x INT) WITH (KAFKA_TOPIC='t');
   CREATE TABLE IF NOT EXISTS sums AS SELECT x, COUNT(*) AS n FROM base GROUP BY x;
   CREATE TABLE IF NOT EXISTS joined AS SELECT x, n FROM sums;`,
  'ksql/statements/x.ksql',
);

interface World {
  /** State by table; a table that is not named has no query. */
  queries: Record<string, string>;
  topics: string[];
  positions: QueryPosition[] | undefined;
  status: Answer;
  /** Queries that read from SUMS. */
  readers: { id: string; sinks: string[] }[];
}

const unknownCommand: Answer = { status: 404, body: { error_code: 40400, message: 'Command not found' } };
const position = (committed: number | undefined, end: number): QueryPosition => ({
  topic: 't',
  partition: 0,
  committed,
  start: 0,
  end,
});

async function startGuard(t: TestContext, changes: Partial<World> = {}) {
  const world: World = {
    queries: { SUMS: 'RUNNING', JOINED: 'RUNNING' },
    topics: ['t', 'SUMS', 'JOINED'],
    positions: [position(5, 5)],
    status: unknownCommand,
    readers: [{ id: 'CTAS_JOINED_2', sinks: ['JOINED'] }],
    ...changes,
  };
  const dropped: string[] = [];
  const { ksqldb } = await startRecordedServer(t, ({ path, ksql }) => {
    if (path === '/info') return { body: { KsqlServerInfo: { ksqlServiceId: 'shop_' } } };
    if (path.startsWith('/status/')) return world.status;
    if (ksql.startsWith('LIST'))
      return {
        body: [
          { '@type': 'streams', streams: [{ type: 'STREAM', name: 'BASE', topic: 't' }] },
          {
            '@type': 'tables',
            tables: ['SUMS', 'JOINED'].map((name) => ({ type: 'TABLE', name, topic: name })),
          },
          {
            '@type': 'queries',
            queries: Object.entries(world.queries).map(([name, state]) => ({
              id: `CTAS_${name}`,
              sinks: [name],
              state,
            })),
          },
        ],
      };
    if (ksql.startsWith('EXPLAIN')) return { body: [{ queryDescription: { sources: ['BASE'] } }] };
    if (ksql.startsWith('DESCRIBE'))
      return { body: [{ sourceDescription: { readQueries: ksql.includes('`SUMS`') ? world.readers : [] } }] };
    const [, name = ''] = /^DROP TABLE IF EXISTS `(\w+)`;$/.exec(ksql) ?? [];
    dropped.push(name);
    const commandStatus = { status: 'SUCCESS', message: 'dropped' };
    return { body: [{ '@type': 'currentStatus', commandId: `table/\`${name}\`/drop`, commandStatus }] };
  });
  const logger = createLogger('ksql', { LOG_LEVEL: 'silent' });
  const plan = { ksqldb, logger, signal: new AbortController().signal };
  const guard = createTableGuard({
    ...plan,
    channel: createCommandChannel({ ...plan, commands: ksqldb, lostAfterMs: 60_000, suspectedMs: 60_000 }),
    kafka: {
      listTopics: async () => new Set(world.topics),
      readPositions: async () => world.positions,
      close: async () => undefined,
    },
    statements,
    stuckMs: 100,
    missingMs: 50,
  });
  const check = async () => guard.check(await readCatalogue(ksqldb));
  /** Checks until the problem has another code than these, and returns it. */
  async function checkUntilNot(...codes: string[]): Promise<string> {
    for (;;) {
      const code = await check().then(
        () => 'none',
        (thrown) => thrown.code,
      );
      if (!codes.includes(code)) return code;
    }
  }
  return { world, dropped, check, checkUntilNot };
}

test('tables that are filled need nothing', async (t) => {
  const { check, dropped } = await startGuard(t);
  await check();
  assert.deepEqual(dropped, []);
});

test('a sink topic that stays missing has its table dropped, after the tables that read from it', async (t) => {
  const { world, dropped, check, checkUntilNot } = await startGuard(t, { topics: ['t', 'JOINED'] });
  assert.equal(await checkUntilNot('table_starting'), 'table_dropped');
  assert.deepEqual(dropped, ['JOINED', 'SUMS']);
  world.topics = ['t', 'SUMS', 'JOINED'];
  await check();
});

test('changes nothing when one broker does not know a sink topic for a moment', async (t) => {
  const { world, dropped, check } = await startGuard(t, { topics: ['t'] });
  await assert.rejects(check(), { code: 'table_starting', canRetry: true });
  world.topics = ['t', 'SUMS', 'JOINED'];
  await check();
  assert.deepEqual(dropped, []);
});

test('a query that is RUNNING and reads nothing has its table dropped', async (t) => {
  const { dropped, checkUntilNot } = await startGuard(t, { positions: [position(undefined, 9)] });
  assert.equal(await checkUntilNot('none'), 'table_dropped');
  assert.deepEqual(dropped, ['JOINED', 'SUMS']);
});

test('nothing is dropped where Kafka does not show groups', async (t) => {
  const { check } = await startGuard(t, { positions: undefined });
  await check();
});

test("another user's query is never terminated, only named", async (t) => {
  const { dropped, checkUntilNot } = await startGuard(t, {
    topics: ['t', 'JOINED'],
    readers: [{ id: 'CTAS_MINE_7', sinks: ['MINE'] }],
  });
  assert.equal(await checkUntilNot('table_starting'), 'table_read');
  assert.deepEqual(dropped, []);
});

test('a table whose CREATE is still running does not count as terminated', async (t) => {
  const { world, check, checkUntilNot } = await startGuard(t, {
    queries: { JOINED: 'RUNNING' },
    status: { body: { status: 'EXECUTING', message: 'Executing statement' } },
  });
  const until = Date.now() + 200;
  while (Date.now() < until) await assert.rejects(check(), { code: 'table_starting', canRetry: true });
  world.status = { body: { status: 'SUCCESS', message: 'Created' } };
  assert.equal(await checkUntilNot('table_starting'), 'query_gone');
});

test('a paused query stays paused until its owner resumes it', async (t) => {
  const { check } = await startGuard(t, { queries: { SUMS: 'PAUSED', JOINED: 'RUNNING' } });
  await assert.rejects(check(), { code: 'query_paused', canRetry: false });
});
