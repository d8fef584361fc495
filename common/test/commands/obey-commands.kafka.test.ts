import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  followTopic,
  nameTopics,
  openServiceContext,
  openTestKafka,
  runServiceProcess,
  until,
} from '@shop/test-support';
import {
  type Command,
  type CommandHandlers,
  type CommandPlan,
  CommandRefused,
  commandResult,
  createCommand,
  obeyCommands,
  readJson,
  readKafkaSettings,
  readTopics,
} from '../../src/index.ts';

async function openCommands(t: test.TestContext) {
  const { kafka, env } = nameTopics(t, 'COMMANDS_TOPIC', 'COMMAND_RESULTS_TOPIC');
  const topics = readTopics(env);
  const client = await openTestKafka();
  t.after(() => client.close());
  for (const { topic } of [topics.commands, topics.commandResults]) await client.createTopic(topic, 1);
  const { messages } = await followTopic(t, kafka, topics.commandResults.topic);
  return {
    env,
    send: (...commands: (Command | string)[]) =>
      client.send(
        topics.commands.topic,
        commands.map((each) => ({ value: typeof each === 'string' ? each : JSON.stringify(each) })),
      ),
    results: () => messages.map(({ value }) => readJson(value, commandResult)),
    /** Starts an instance of order-service in this process. */
    start(handlers: CommandHandlers = {}, more: Pick<CommandPlan, 'targets' | 'prepareFault'> = {}) {
      const { context, close } = openServiceContext(t, 'order-service', env);
      obeyCommands({ kafka, settings: readKafkaSettings(env), topics, handlers, ...more }, context);
      return { context, close };
    },
  };
}

const setRate = (orders_per_second: number) =>
  createCommand({ target: 'order-service', command: 'set-rate', orders_per_second });

test('obeys each command once and answers it, also over restarts', async (t) => {
  const { send, results, start } = await openCommands(t);
  const rates: number[] = [];
  const handlers: CommandHandlers = {
    'set-rate'({ orders_per_second }) {
      if (orders_per_second === 13) throw new CommandRefused('13 brings bad luck');
      rates.push(orders_per_second);
      return { orders_per_second };
    },
  };
  const [early, refused, late] = [setRate(7), setRate(13), setRate(8)];
  const old = { ...setRate(9), issued_at: new Date(Date.now() - 61_000).toISOString() };
  // Sent before the first start: it waits.
  await send(early, old, 'no command', createCommand({ target: 'updater', command: 'reset' }));
  const first = start(handlers);
  await until('two results', () => results().length === 2);
  await send(early, refused);
  await until('three results', () => results().length === 3);
  await first.close();

  await send(early, late);
  start(handlers);
  await until('four results', () => results().length === 4);
  assert.deepEqual(rates, [7, 8]);
  assert.deepEqual(
    results().map(({ command_id, status, reason, orders_per_second }) => [
      command_id,
      status,
      reason,
      orders_per_second,
    ]),
    [
      [early.command_id, 'done', undefined, 7],
      [old.command_id, 'expired', results()[1]?.reason, undefined],
      [refused.command_id, 'refused', '13 brings bad luck', undefined],
      [late.command_id, 'done', undefined, 8],
    ],
  );
  assert.match(results()[1]?.reason ?? '', /^6\d s old when it was read/);
});

test('refuses what it has no handler for, and goes on after a handler that fails', async (t) => {
  const { send, results, start } = await openCommands(t);
  start({ 'set-rate': () => Promise.reject(new Error('no database')) });
  const reset = createCommand({ target: 'order-service', command: 'reset' });
  await send(setRate(1), reset);
  await until('both results', () => results().length === 2);
  assert.deepEqual(
    results().map(({ status, reason }) => [status, reason]),
    [
      ['refused', 'no database'],
      ['refused', 'order-service does not obey reset'],
    ],
  );
});

test('of two instances one obeys, and the other one knows what was handled when it takes over', async (t) => {
  const { send, results, start } = await openCommands(t);
  const rates: string[] = [];
  const instances = ['a', 'b'].map((name) => start({ 'set-rate': () => void rates.push(name) }));
  const command = setRate(5);
  await send(command);
  await until('a result', () => results().length === 1);
  const [owner] = rates;
  await instances[owner === 'a' ? 0 : 1]?.close();
  const next = setRate(6);
  await send(command, next);
  await until('the other one answers', () => results().length === 2);
  assert.deepEqual(rates, [owner, owner === 'a' ? 'b' : 'a']);
  assert.equal(results()[1]?.command_id, next.command_id);
});

test('crash ends the process as kill -9 does, once, and freeze stops it for its time', async (t) => {
  const { env, send, results } = await openCommands(t);
  const main = new URL('obedient-service.ts', import.meta.url);
  const crash = createCommand({ target: 'order-service', command: 'crash' });
  const first = runServiceProcess(t, main, env);
  await send(crash, crash);
  assert.equal(await first.ended, null, first.output());
  await until('its answer', () => results().length === 1);

  const second = runServiceProcess(t, main, env);
  const freeze = createCommand({ target: 'order-service', command: 'freeze', seconds: 2 });
  await send(freeze, setRate(1));
  await until('the answers', () => results().length === 3);
  const [, frozen, after] = results();
  assert.deepEqual([frozen?.status, frozen?.['seconds'], after?.status], ['done', 2, 'refused']);
  const pauseMs = Date.parse(after?.at ?? '') - Date.parse(frozen?.at ?? '');
  assert.ok(pauseMs >= 2_000, `${pauseMs} ms`);
  assert.equal(await second.end(), 0);
});

test('obeys faults of other targets with the function for it, and reports their end', async (t) => {
  const { send, results, start } = await openCommands(t);
  let end = () => {};
  start(undefined, {
    targets: ['kafka', 'ksqldb'],
    prepareFault({ target }) {
      if (target === 'ksqldb') throw new CommandRefused('it does not run');
      return () => new Promise((resolve) => (end = () => resolve({ recovered_at: 'now' })));
    },
  });
  await send(
    createCommand({ target: 'order-service', command: 'crash' }),
    createCommand({ target: 'kafka', command: 'freeze', seconds: 5 }),
    createCommand({ target: 'ksqldb', command: 'crash' }),
  );
  await until('two results', () => results().length === 2);
  end();
  await until('the second result of the freeze', () => results().length === 3);
  assert.deepEqual(
    results().map(({ target, status, reason, seconds, recovered_at }) => [
      target,
      status,
      reason,
      seconds,
      recovered_at,
    ]),
    [
      ['kafka', 'done', undefined, 5, undefined],
      ['ksqldb', 'refused', 'it does not run', undefined, undefined],
      ['kafka', 'done', undefined, 5, 'now'],
    ],
  );
});

test('refuses faults of other targets without such a function', async (t) => {
  const { send, results, start } = await openCommands(t);
  start(undefined, { targets: ['order-service', 'kafka'] });
  await send(createCommand({ target: 'kafka', command: 'crash' }));
  await until('the result', () => results().length === 1);
  assert.deepEqual(
    results().map(({ target, status, reason }) => [target, status, reason]),
    [['kafka', 'refused', 'Only npm start can crash kafka, because it owns the process.']],
  );
});
