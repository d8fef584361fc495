import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createKsqldbClient, createLogger } from '@shop/common';
import { createCommand } from '../src/command.ts';
import { createCommandChannel } from '../src/command-channel.ts';
import { readScript } from '../src/read-statements.ts';
import { type Answer, type Asked, startRecordedServer } from './recorded-server.ts';

const [statement] = readScript(
  'CREATE TABLE IF NOT EXISTS sums AS SELECT x, COUNT(*) AS n FROM base GROUP BY x;',
  'ksql/statements/x.ksql',
);
assert.ok(statement);
const command = createCommand(statement);

const error = (status: number, error_code: number, message: string): Answer => ({
  status,
  body: { '@type': 'generic_error', error_code, message },
});
const unknownCommand = error(404, 40400, 'Command not found');
const status = (name: string): Answer => ({ body: { status: name, message: name, queryId: null } });
const done: Answer = {
  body: [
    { '@type': 'currentStatus', commandId: command.commandId, commandStatus: { status: 'SUCCESS', message: 'ok' } },
  ],
};
const lists = (tables: string[]): Answer => ({
  body: [
    { '@type': 'streams', streams: [] },
    { '@type': 'tables', tables: tables.map((name) => ({ type: 'TABLE', name, topic: name })) },
    { '@type': 'queries', queries: [] },
  ],
});

type Script = (asked: Asked) => Answer | 'no answer';

async function startChannel(t: TestContext, script: Script, lostAfterMs = 60_000) {
  const server = await startRecordedServer(t, script);
  const commands = createKsqldbClient(
    { endpoint: server.endpoint, source: { endpoint: 'test', login: 'test' } },
    { timeoutMs: 200 },
  );
  t.after(() => commands.close());
  const channel = createCommandChannel({
    ksqldb: server.ksqldb,
    commands,
    lostAfterMs,
    suspectedMs: lostAfterMs,
    logger: createLogger('ksql', { LOG_LEVEL: 'silent' }),
    signal: new AbortController().signal,
  });
  const sent = () => server.asked.filter(({ ksql }) => ksql.startsWith('CREATE')).length;
  return { channel, sent };
}

const open = { code: 'command_open', canRetry: true };

test('after a time-out nothing is sent while ksqlDB is at work, and nothing again once it is done', async (t) => {
  let state: Answer = unknownCommand;
  const { channel, sent } = await startChannel(t, ({ path, ksql }) => {
    if (path.startsWith('/status/')) return state;
    return ksql.startsWith('LIST') ? lists([]) : 'no answer';
  });
  await assert.rejects(channel.run(command), { code: 'ksqldb_away' });
  for (const at of [unknownCommand, status('QUEUED'), status('EXECUTING')]) {
    state = at;
    await assert.rejects(channel.settle(), open);
    await assert.rejects(channel.run(command), open);
  }
  state = status('SUCCESS');
  await channel.settle();
  assert.equal(sent(), 1);
});

test('after a time-out a table that is listed was created, whatever /status remembers', async (t) => {
  const { channel } = await startChannel(t, ({ path, ksql }) => {
    if (path.startsWith('/status/')) return unknownCommand;
    return ksql.startsWith('LIST') ? lists(['SUMS']) : 'no answer';
  });
  await assert.rejects(channel.run(command), { code: 'ksqldb_away' });
  await channel.settle();
});

test('ignores the status of an older command with the same id', async (t) => {
  const { channel } = await startChannel(t, ({ path, ksql }) => {
    if (path.startsWith('/status/')) return status('SUCCESS');
    return ksql.startsWith('LIST') ? lists([]) : 'no answer';
  });
  await assert.rejects(channel.run(command), { code: 'ksqldb_away' });
  await assert.rejects(channel.settle(), open);
});

test('a command that ksqlDB does not know counts as lost after a while of answers', async (t) => {
  const { channel } = await startChannel(
    t,
    ({ path, ksql }) => {
      if (path.startsWith('/status/')) return unknownCommand;
      return ksql.startsWith('LIST') ? lists([]) : 'no answer';
    },
    50,
  );
  await assert.rejects(channel.run(command), { code: 'ksqldb_away' });
  await assert.rejects(channel.settle(), open);
  for (;;) {
    const outcome = await channel.settle().then(
      () => 'lost',
      (thrown) => thrown.code,
    );
    if (outcome === 'lost') break;
    assert.equal(outcome, 'command_open');
  }
});

test('a server that starts has lost the command, or has it in its log', async (t) => {
  let isStarting = false;
  const { channel } = await startChannel(t, ({ path, ksql }) => {
    if (isStarting) return error(503, 50302, 'KSQL is not yet ready to serve requests.');
    if (path.startsWith('/status/')) return unknownCommand;
    return ksql.startsWith('LIST') ? lists([]) : 'no answer';
  });
  await assert.rejects(channel.run(command), { code: 'ksqldb_away' });
  isStarting = true;
  await assert.rejects(channel.settle(), { errorCode: 50302 });
  isStarting = false;
  await channel.settle();
});

test('after a server error one listing decides, and a listing that fails decides nothing', async (t) => {
  let looks = 0;
  const { channel, sent } = await startChannel(t, ({ path, ksql }) => {
    if (ksql.startsWith('LIST')) {
      looks += 1;
      return looks === 1 ? error(500, 50000, 'broken') : lists([]);
    }
    if (path.startsWith('/status/')) return unknownCommand;
    return sent() === 1 ? error(500, 50000, 'Could not write the statement into the command topic.') : done;
  });
  await assert.rejects(channel.run(command), { code: 'statement', canRetry: true });
  await assert.rejects(channel.run(command), { errorCode: 50000 });
  assert.equal(await channel.run(command), 'ok');
  assert.equal(sent(), 2);
});

test('a refusal is final: the next command is sent at once', async (t) => {
  const { channel, sent } = await startChannel(t, ({ path }) => {
    if (path.startsWith('/status/')) return unknownCommand;
    return sent() === 1 ? error(400, 40001, 'Syntax Error') : done;
  });
  await assert.rejects(channel.run(command), { code: 'statement', canRetry: false });
  assert.equal(await channel.run(command), 'ok');
});

test('waits for a command that an earlier process may have sent', async (t) => {
  const { channel, sent } = await startChannel(t, ({ path, ksql }) => {
    if (path.startsWith('/status/')) return status('EXECUTING');
    return ksql.startsWith('LIST') ? lists([]) : done;
  });
  channel.suspect(command);
  await assert.rejects(channel.run(command), open);
  assert.equal(sent(), 0);
});

test('does not send a command that another program has in progress', async (t) => {
  const { channel, sent } = await startChannel(t, ({ path }) =>
    path.startsWith('/status/') ? status('EXECUTING') : done,
  );
  await assert.rejects(channel.run(command), open);
  assert.equal(sent(), 0);
});
