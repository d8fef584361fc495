import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { judgeCommand } from '../../src/commands/judge-command.ts';
import { checkCommand, createCommand } from '../../src/index.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const rate = {
  command_id: randomUUID(),
  issued_at: '2026-01-31T11:59:59Z',
  target: 'order-service',
  command: 'set-rate',
  orders_per_second: 200,
};

function judge(value: unknown, { ageMs = 0, handled = [] as string[] } = {}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const message = { value: Buffer.from(text), timestamp: String(now - ageMs) };
  return judgeCommand(message, ['order-service', 'kafka'], (id) => handled.includes(id), now);
}

test('a command for this service is obeyed', () => {
  assert.deepEqual(judge(rate), { obey: rate });
});

test('a command for another target of the service is obeyed', () => {
  const crash = { command_id: rate.command_id, issued_at: rate.issued_at, target: 'kafka', command: 'crash' };
  assert.deepEqual(judge(crash), { obey: crash });
});

test('a command for another service, one handled before, and what is no command are skipped', () => {
  assert.equal(judge({ ...rate, target: 'updater' }), undefined);
  assert.equal(judge(rate, { handled: [rate.command_id] }), undefined);
  for (const value of ['', '{', 'null', '[]', '{}', { ...rate, command_id: 'x' }])
    assert.equal(judge(value), undefined);
});

test('a command that is older than a minute has expired, by the broker or by its own time', () => {
  const expired = judge(rate, { ageMs: 61_000 });
  assert.deepEqual(expired, {
    answer: {
      command_id: rate.command_id,
      target: 'order-service',
      command: 'set-rate',
      status: 'expired',
      reason: '61 s old when it was read; a command acts within 60 s',
    },
  });
  assert.ok('obey' in (judge(rate, { ageMs: 60_000 }) ?? {}));
  const byItself = judge({ ...rate, issued_at: '2026-01-31T11:58:00Z' });
  assert.match(JSON.stringify(byItself), /"status":"expired","reason":"120 s old/);
});

test('what the contract refuses is answered with the field and what was expected', () => {
  const reasonOf = (value: unknown) => {
    const judged = judge(value);
    assert.ok(judged && 'answer' in judged);
    assert.equal(judged.answer.status, 'refused');
    return judged.answer.reason ?? '';
  };
  assert.match(reasonOf({ ...rate, orders_per_second: 1e9 }), /^orders_per_second: .*2000/);
  assert.match(reasonOf({ ...rate, orders_per_second: '5' }), /^orders_per_second: .*number/);
  assert.match(reasonOf({ ...rate, issued_at: 'soon' }), /^issued_at: /);
  assert.match(reasonOf({ ...rate, command: 'explode' }), /^command: expected one of set-rate, /);
  assert.match(reasonOf({ ...rate, orders_per_secnd: 5 }), /orders_per_secnd/);
});

test('a created command passes the contract, and has its own id and time', () => {
  const [first, second] = [1, 2].map(() => createCommand({ target: 'audit', command: 'crash' }));
  assert.deepEqual(checkCommand(first), first);
  assert.notEqual(first?.command_id, second?.command_id);
  assert.throws(() => createCommand({ target: 'audit', command: 'freeze', seconds: 31 }), /^ShopError: seconds: /);
});
