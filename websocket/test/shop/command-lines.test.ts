import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createCommandLines } from '../../src/shop/command-lines.ts';

const id = randomUUID();
const rate = {
  command_id: id,
  issued_at: '2026-11-28T12:00:00Z',
  target: 'order-service',
  command: 'set-rate',
  orders_per_second: 20,
};
const answer = {
  command_id: id,
  target: 'order-service',
  instance: 'a',
  command: 'set-rate',
  status: 'done',
  at: '2026-11-28T12:00:01Z',
  orders_per_second: 20,
};

test('a command and its result are one line, in whatever order the two are read', () => {
  const [first, second] = [createCommandLines(), createCommandLines()];
  first.noteCommand(rate, 1);
  assert.equal(first.lines()[0]?.result, null);
  first.noteResult(answer, 2);
  second.noteResult(answer, 2);
  second.noteCommand(rate, 1);
  const result = { status: 'done', reason: null, instance: 'a', at: 2, details: { orders_per_second: 20 } };
  const fields = { orders_per_second: 20 };
  const line = { command_id: id, target: 'order-service', command: 'set-rate', at: 1, fields, result };
  assert.deepEqual(first.lines(), [line]);
  assert.deepEqual(second.lines(), [line]);
});

test('what is no command is not listed, and only the last ones are', () => {
  const commands = createCommandLines();
  assert.equal(commands.noteCommand({ ...rate, orders_per_second: 'many' }, 1), undefined);
  assert.equal(commands.noteResult('done', 1), undefined);
  for (let at = 1; at <= 30; at += 1) commands.noteCommand({ ...rate, command_id: randomUUID() }, at);
  const times = commands.lines().map(({ at }) => at);
  assert.deepEqual([times.length, times[0], times.at(-1)], [20, 30, 11]);
});
