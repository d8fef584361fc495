import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFault, reportFault } from '../../page/src/text/report-fault.ts';
import type { FaultLine } from '../../src/messages/commands.ts';
import type { AuditLine } from '../../src/messages/picture.ts';

const crash: FaultLine = {
  command_id: '1',
  service: 'shipping-service',
  fault: 'crash',
  since: 1_000,
  recovered_at: null,
  caught_up_at: null,
  most_waiting: 12,
};
const check = (name: string, line: Partial<AuditLine> = {}): AuditLine => ({
  check: name,
  promise: '',
  verdict: 'kept',
  text: '',
  violations: 0,
  missed: null,
  at: 20_000,
  ...line,
});
const findingOf = (fault: FaultLine, audit: AuditLine[], name: string) => {
  const found = reportFault(fault, audit, 4_000).find((finding) => finding.name === name);
  return [found?.look, found?.value];
};

test('a service that is down is reported with the time', () => {
  assert.match(findingOf(crash, [], 'down since').join(), /^bad,\d\d:\d\d:\d\d, 3\.0 s$/);
  assert.deepEqual(findingOf(crash, [], 'orders that waited'), ['unsure', '12 at most']);
});

test('results of the audit count only when they are newer than the last shipment that waited', () => {
  const ended = { ...crash, recovered_at: 3_000, caught_up_at: 19_000 };
  assert.deepEqual(findingOf(ended, [], 'recovered in'), ['good', '2.0 s']);
  assert.deepEqual(findingOf(ended, [], 'orders that waited'), ['good', '12 at most, all shipped after 18 s']);
  assert.deepEqual(findingOf(ended, [check('P1')], 'lost'), ['good', '0']);
  const [look, value] = findingOf(ended, [check('P1', { at: 18_000 })], 'lost');
  assert.deepEqual([look, value === '0'], ['unsure', false]);
  assert.equal(findingOf(ended, [check('P1', { verdict: 'unknown' })], 'lost')[0], 'unsure');
});

test('a broken promise is not hidden', () => {
  const ended = { ...crash, recovered_at: 3_000, caught_up_at: 19_000 };
  const audit = [check('P1'), check('P2', { verdict: 'broken', violations: 3 }), check('P3', { verdict: 'unknown' })];
  assert.deepEqual(findingOf(ended, audit, 'shipped twice'), ['bad', '3']);
  assert.deepEqual(findingOf(ended, audit, 'promises kept'), ['bad', '1 of 2 that were checked since']);
});

test('a freeze of shipping-service is explained by fencing, a crash by the transaction', () => {
  assert.match(explainFault('shipping-service', 'freeze')?.text ?? '', /fences/);
  assert.match(explainFault('shipping-service', 'crash')?.text ?? '', /transaction/);
  assert.equal(explainFault('websocket', 'crash'), undefined);
});
