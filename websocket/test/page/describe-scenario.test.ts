import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeRun, titleOf } from '../../page/src/text/describe-scenario.ts';
import type { ScenarioLine } from '../../src/messages/commands.ts';

const sale: ScenarioLine = {
  name: 'flash-sale',
  about: '50 times as many orders',
  since: 0,
  until: 30_000,
  ended: null,
};

test('a scenario says what it does, and how it ended', () => {
  assert.equal(titleOf('flash-sale'), 'Flash sale');
  assert.equal(describeRun(sale), '“Flash sale” runs: 50 times as many orders.');
  assert.match(describeRun({ ...sale, ended: 'complete' }), /^“Flash sale” has ended\./);
  assert.match(describeRun({ ...sale, ended: 'reset' }), /^A visitor ended “Flash sale”\./);
  assert.match(describeRun({ ...sale, ended: 'interrupted' }), /ends by itself, at \d\d:\d\d:30 at the latest\.$/);
});
