import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookOf, whyDown } from '../../page/src/text/service-state.ts';
import type { FaultLine } from '../../src/messages/commands.ts';
import type { ServiceLine } from '../../src/messages/picture.ts';

const ready: ServiceLine = {
  service: 'updater',
  instance: 'a',
  state: 'ready',
  since: '',
  waiting_for: [],
  counters: {},
  last_error: null,
  silent_ms: 1_000,
};
const silent = { ...ready, instance: 'b', silent_ms: 13_000 };
const fault: FaultLine = {
  command_id: '1',
  service: 'updater',
  fault: 'freeze',
  since: 1_000,
  recovered_at: null,
  caught_up_at: null,
  most_waiting: 0,
};

test('silence counts only while the server hears other services', () => {
  assert.deepEqual(lookOf(silent, false), { silent: true, look: 'bad', words: 'silent for 13 s' });
  assert.deepEqual(lookOf(silent, true), { silent: false, look: 'unsure', words: 'was ready' });
});

test('a service is down when no instance works, or a fault has not ended', () => {
  assert.equal(whyDown('updater', [ready, silent], [], 4_000), undefined);
  assert.equal(whyDown('updater', [silent], [], 4_000), 'silent for 13 s');
  assert.equal(whyDown('updater', [ready], [fault], 4_000), 'frozen 3.0 s ago');
  assert.equal(whyDown('updater', [ready], [{ ...fault, recovered_at: 3_000 }], 4_000), undefined);
  assert.equal(whyDown('updater', [], [], 4_000), undefined);
});
