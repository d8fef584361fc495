import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLogger, ShopError } from '@shop/common';
import type { Loss } from '../src/source/source-watch.ts';
import { createSupervisor, type Supervised } from '../src/supervise.ts';
import { type Answer, type Asked, startSmallConnect } from './small-connect.ts';

const definition = { file: 'connect/x/a.json', name: 'a', config: { name: 'a', 'connector.class': 'C' } };

async function startStage(
  t: TestContext,
  exception?: (asked: Asked) => Answer | undefined,
  options?: { patienceMs: number },
) {
  const server = await startSmallConnect(t, exception);
  const done: string[] = [];
  const stage: { loss: Loss | undefined; repairs: boolean } = { loss: undefined, repairs: false };
  const supervised: Supervised = {
    connect: server.connect,
    ensureTopics: async () => void done.push('topics'),
    findLoss: async () => stage.loss,
    repair: {
      note: async () => void done.push('note'),
      advance: async () => stage.repairs,
      finish: async () => void (stage.loss === undefined && done.push('finish')),
    },
    onUpdate: () => done.push('update'),
    onRestart: () => done.push('restart'),
    onRecreation: () => done.push('recreation'),
    logger: createLogger('connector', { LOG_LEVEL: 'silent' }),
  };
  const supervisor = createSupervisor(supervised, options);
  const look = () => supervisor.supervise(definition);
  const notRunning = (reason: RegExp) =>
    assert.rejects(look(), (error) => error instanceof ShopError && error.canRetry && reason.test(error.message));
  return { ...server, stage, done, supervisor, look, notRunning };
}

test('creates the connector with its topics, and then only looks', async (t) => {
  const { look, notRunning, done, asked, configs } = await startStage(t);
  await notRunning(/a: created/);
  await look();
  assert.deepEqual(done, ['topics', 'finish']);
  assert.deepEqual(configs.get('a'), definition.config);
  asked.length = 0;
  await look();
  assert.deepEqual(asked, ['GET /connectors/a/config', 'GET /connectors/a/status']);
});

test('a connector that was deleted is created again, and one that differs is changed', async (t) => {
  const { look, notRunning, done, configs } = await startStage(t);
  await notRunning(/created/);
  await look();
  configs.delete('a');
  await notRunning(/created/);
  await look();
  configs.set('a', { ...definition.config, 'slot.name': 's' });
  await notRunning(/changed/);
  await look();
  assert.deepEqual(
    done.filter((step) => step !== 'finish'),
    ['topics', 'topics', 'recreation', 'topics', 'update'],
  );
});

test('a failed connector is restarted once, and counts as running only some time later', async (t) => {
  const { notRunning, done, configs, states } = await startStage(t);
  configs.set('a', definition.config);
  states.set('a', { connector: 'RUNNING', task: 'FAILED' });
  await notRunning(/task 0: Exception: it broke/);
  assert.deepEqual(done, ['topics', 'restart']);
  await notRunning(/restarted a moment ago/);
  states.set('a', { connector: 'RUNNING', task: 'FAILED' });
  await notRunning(/it broke/);
  assert.deepEqual(done, ['topics', 'restart']);
});

test('a loss of a running connector is noted, and the connector does not count as running until it is repaired', async (t) => {
  const { look, notRunning, stage, done, configs, states } = await startStage(t);
  configs.set('a', definition.config);
  states.set('a', { connector: 'RUNNING', task: 'RUNNING' });
  stage.loss = { check: 'slot', reason: 'the slot is missing' };
  await notRunning(/the slot is missing/);
  stage.loss = undefined;
  stage.repairs = true;
  states.set('a', { connector: 'STOPPED', task: 'STOPPED' });
  await notRunning(/new snapshot/);
  stage.repairs = false;
  states.set('a', { connector: 'RUNNING', task: 'RUNNING' });
  await look();
  assert.deepEqual(done, ['note', 'finish']);
});

test('changes nothing when a connector is paused', async (t) => {
  const { notRunning, done, configs, states } = await startStage(t);
  configs.set('a', definition.config);
  states.set('a', { connector: 'PAUSED', task: 'PAUSED' });
  await notRunning(/PAUSED/);
  assert.deepEqual(done, []);
});

test('reports a refused configuration with its file, and shows nothing as running', async (t) => {
  const { look, supervisor } = await startStage(t, ({ method }) =>
    method === 'PUT' ? { status: 400, body: { error_code: 400, message: 'no such parameter' } } : undefined,
  );
  await assert.rejects(look(), { code: 'connect_refused', canRetry: false, message: /^connect\/x\/a\.json: / });
  assert.equal(supervisor.statuses.size, 0);
});

for (const state of ['RESTARTING', 'FAILED', 'UNASSIGNED'])
  test(`a loss is noted while the task is ${state}, and nothing is restarted`, async (t) => {
    const { notRunning, stage, done, configs, states } = await startStage(t);
    configs.set('a', definition.config);
    states.set('a', { connector: 'RUNNING', task: state });
    stage.loss = { check: 'slot', reason: 'the slot is missing' };
    await notRunning(/the slot is missing/);
    assert.deepEqual(done, ['note']);
  });

const restartsOf = (asked: string[]) => asked.filter((question) => question.startsWith('POST'));

for (const [what, connector, task, path] of [
  // As Connect 4.3 reported it after a restart of the broker.
  ['a connector that stays UNASSIGNED beside a task that runs', 'UNASSIGNED', 'RUNNING', '/connectors/a/restart'],
  ['a task that stays UNASSIGNED', 'RUNNING', 'UNASSIGNED', '/connectors/a/tasks/0/restart'],
] as const)
  test(`${what} is restarted, once in each pause, and nothing else`, async (t) => {
    const { notRunning, done, asked, configs, states } = await startStage(t, undefined, { patienceMs: 0 });
    configs.set('a', definition.config);
    states.set('a', { connector, task });
    await notRunning(/is UNASSIGNED/);
    assert.deepEqual(restartsOf(asked), [`POST ${path}`]);
    assert.deepEqual(done, ['topics', 'restart']);
    await notRunning(/restarted a moment ago/);
    states.set('a', { connector, task });
    await notRunning(/is UNASSIGNED/);
    assert.equal(restartsOf(asked).length, 1);
  });

test('a part that has just begun to start is not restarted, and each state has its own patience', async (t) => {
  const { notRunning, asked, configs, states } = await startStage(t, undefined, { patienceMs: 60_000 });
  t.mock.timers.enable({ apis: ['Date'] });
  configs.set('a', definition.config);
  for (const connector of ['UNASSIGNED', 'RESTARTING', 'UNASSIGNED']) {
    states.set('a', { connector, task: 'RUNNING' });
    await notRunning(new RegExp(connector));
    t.mock.timers.tick(59_999);
    await notRunning(new RegExp(connector));
  }
  assert.deepEqual(restartsOf(asked), []);
  t.mock.timers.tick(1);
  await notRunning(/UNASSIGNED/);
  assert.equal(restartsOf(asked).length, 1);
});
