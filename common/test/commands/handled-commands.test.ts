import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createHandledCommands } from '../../src/commands/handled-commands.ts';

test('remembers the last hundred commands, also from a committed text that Kafka accepts', () => {
  const ids = Array.from({ length: 150 }, () => randomUUID());
  let first = createHandledCommands();
  for (const id of ids) first = first.with(id);
  const text = first.toText();
  assert.ok(Buffer.byteLength(text) <= 4_096, 'offset.metadata.max.bytes');
  const second = createHandledCommands(text);
  assert.deepEqual(
    ids.filter((id) => second.has(id)),
    ids.slice(-100),
  );
});

test('without a committed text nothing is remembered', () => {
  assert.equal(createHandledCommands('').has(''), false);
  assert.equal(createHandledCommands().toText(), '');
});
