import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { type Command, type CommandSender, checkCommand, ShopError } from '@shop/common';
import { createCommandDoor } from '../../src/commands/accept-command.ts';
import { decideControl } from '../../src/commands/control.ts';
import { readWebsocketSettings } from '../../src/settings.ts';
import { openDoor, type Posted } from '../support/open-door.ts';

const rate = { target: 'order-service', command: 'set-rate', orders_per_second: 200 };

async function openCommands(
  t: TestContext,
  { env = {}, sender }: { env?: Record<string, string>; sender?: () => CommandSender | undefined } = {},
) {
  const sent: Command[] = [];
  const keep: CommandSender = { send: async (command) => void sent.push(command) };
  const settings = readWebsocketSettings(env);
  const accept = createCommandDoor({
    control: decideControl(settings),
    allowedOrigins: settings.ALLOWED_ORIGINS,
    sender: sender ?? (() => keep),
  });
  const { post, port } = await openDoor(t, accept);
  return { ask: ({ body = rate, headers = {} }: Posted = {}) => post({ body, headers }), sent, port };
}

test('a command of the page is sent with an id and a time, and answered with both', async (t) => {
  const { ask, sent } = await openCommands(t);
  const { status, text: answer } = await ask();
  assert.equal(status, 202, answer);
  const [command] = sent;
  assert.deepEqual(checkCommand(command), { ...rate, command_id: command?.command_id, issued_at: command?.issued_at });
  const { command_id, issued_at, target } = JSON.parse(answer);
  assert.deepEqual([command_id, issued_at, target], [command?.command_id, command?.issued_at, 'order-service']);
});

test('the page may name the id, so that a repetition acts once, and never the time', async (t) => {
  const { ask, sent } = await openCommands(t);
  const command_id = randomUUID();
  await ask({ body: { ...rate, command_id, issued_at: '2000-01-01T00:00:00Z' } });
  assert.equal(sent[0]?.command_id, command_id);
  assert.ok(Date.parse(sent[0]?.issued_at ?? '') > Date.parse('2026-01-01'));
});

test('foreign pages and rebound names are refused, also where they may read the stream', async (t) => {
  const { ask, sent, port } = await openCommands(t, { env: { ALLOWED_ORIGINS: '*,https://reader.example' } });
  for (const [why, headers] of [
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a page that may read', { origin: 'https://reader.example' }],
    ['another port of this machine', { origin: 'http://localhost:3000' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a rebound name', { origin: `http://evil.example:${port}`, host: `evil.example:${port}` }],
    ['a rebound name without Origin', { origin: undefined, host: `evil.example:${port}` }],
  ] as const) {
    const { status, text: answer } = await ask({ headers });
    assert.equal(status, 403, why);
    assert.match(answer, /Only the page of this shop/, why);
  }
  assert.deepEqual(sent, []);
});

test('a page at its own public name may send commands when ALLOWED_ORIGINS names it', async (t) => {
  const headers = { origin: 'http://shop.example', host: 'shop.example' };
  const { ask } = await openCommands(t, { env: { ALLOWED_ORIGINS: 'http://shop.example' } });
  assert.equal((await ask({ headers })).status, 202);
});

test('commands are off on a published page, and need the token where there is one', async (t) => {
  const off = await openCommands(t, { env: { PAGE_ADDRESS: '0.0.0.0' } });
  const refused = await off.ask();
  assert.equal(refused.status, 403);
  assert.match(refused.text, /Commands and queries are off\. Set SHOP_CONTROL or SHOP_CONTROL_TOKEN/);

  const token = 'a-long-enough-token';
  const locked = await openCommands(t, { env: { PAGE_ADDRESS: '0.0.0.0', SHOP_CONTROL_TOKEN: token } });
  assert.equal((await locked.ask()).status, 401);
  assert.equal((await locked.ask({ headers: { authorization: `Bearer ${token.toUpperCase()}` } })).status, 401);
  assert.equal((await locked.ask({ headers: { authorization: `Bearer ${token}` } })).status, 202);
  assert.deepEqual([off.sent.length, locked.sent.length], [0, 1]);
});

test('only JSON of at most 1 KiB that the contract accepts', async (t) => {
  const { ask, sent } = await openCommands(t);
  for (const [expected, reason, question] of [
    [415, /application\/json/, { headers: { 'content-type': 'text/plain' } }],
    [415, /application\/json/, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    [413, /at most 1024 bytes/, { body: { ...rate, note: 'x'.repeat(1_024) } }],
    [413, /at most 1024 bytes/, { body: 'x'.repeat(5_000), headers: { 'transfer-encoding': 'chunked' } }],
    [400, /not JSON/, { body: '{' }],
    [400, /not an object/, { body: '[]' }],
    [400, /^orders_per_second: .*2000/, { body: { ...rate, orders_per_second: 2_001 } }],
    [400, /^command: expected one of set-rate/, { body: { ...rate, command: 'rm -rf' } }],
    [400, /note/, { body: { ...rate, note: 'SELECT 1' } }],
  ] as const) {
    const { status, text: answer } = await ask(question);
    assert.equal(status, expected, JSON.stringify(question).slice(0, 80));
    assert.match(answer, reason);
  }
  assert.deepEqual(sent, []);
});

test('an address that sends too many commands has to wait', async (t) => {
  const { ask, sent } = await openCommands(t);
  const answers = [];
  for (let turn = 0; turn < 40; turn += 1) answers.push((await ask()).status);
  assert.ok(answers.includes(429), answers.join());
  assert.equal(sent.length, answers.filter((status) => status === 202).length);
});

test('503 when Kafka was never available, and when it takes no command', async (t) => {
  const never = await openCommands(t, { sender: () => undefined });
  assert.deepEqual(await never.ask(), { status: 503, text: 'Kafka is unavailable. The command was not sent.\n' });
  const failing: CommandSender = {
    send: () => Promise.reject(new ShopError('kafka_unavailable', 'Kafka does not answer.')),
  };
  const away = await openCommands(t, { sender: () => failing });
  assert.deepEqual(await away.ask(), { status: 503, text: 'Kafka does not answer.\n' });
});
