import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScenarioRun } from '../../src/shop/scenario-run.ts';
import { buildAnswer, buildStatus, iso, start } from '../support/answers.ts';

const sale = { name: 'flash-sale', about: 'a sale', seconds: 30 };

function runSale() {
  let now = start;
  const run = createScenarioRun(() => now);
  run.noteResult(buildAnswer('websocket', 'scenario', sale));
  const endedAt = (ms: number) => {
    now = start + ms;
    return run.line()?.ended;
  };
  return { run, endedAt };
}

test('a scenario runs until its time is over, and is shown for a while', () => {
  const { run, endedAt } = runSale();
  assert.deepEqual(run.line(), {
    name: 'flash-sale',
    about: 'a sale',
    since: start,
    until: start + 30_000,
    ended: null,
  });
  run.noteStatus(buildStatus('websocket', 3_000));
  assert.equal(endedAt(29_999), null);
  assert.equal(endedAt(30_000), 'complete');
  assert.equal(endedAt(91_000), undefined);
});

test('reset ends it, and a refused or another command does not', () => {
  const { run, endedAt } = runSale();
  run.noteResult(buildAnswer('websocket', 'scenario', { status: 'refused', at: iso(1_000) }));
  run.noteResult(buildAnswer('order-service', 'reset', { at: iso(1_000) }));
  assert.equal(endedAt(2_000), null);
  run.noteResult(buildAnswer('websocket', 'reset', { name: 'flash-sale', at: iso(2_000) }));
  assert.equal(endedAt(2_000), 'reset');
  assert.equal(endedAt(40_000), 'reset');
});

for (const [what, fields] of [
  ['a later process of its name', { started_at: iso(5_000) }],
  ['a stop', { state: 'stopped' }],
] as const)
  test(`${what} interrupts it`, () => {
    const { run, endedAt } = runSale();
    run.noteStatus(buildStatus('websocket', 6_000, { ...fields, instance: 'another' }));
    run.noteStatus(buildStatus('audit', 6_000, fields));
    assert.equal(endedAt(7_000), null);
    run.noteStatus(buildStatus('websocket', 6_000, fields));
    assert.equal(endedAt(7_000), 'interrupted');
  });

test('a restart after its end interrupts nothing', () => {
  const { run, endedAt } = runSale();
  run.noteStatus(buildStatus('websocket', 33_000, { started_at: iso(31_000) }));
  assert.equal(endedAt(33_000), 'complete');
});

test('an older scenario that is read later does not replace it', () => {
  const { run } = runSale();
  run.noteResult(buildAnswer('websocket', 'scenario', { ...sale, name: 'quiet-night', at: iso(-5_000) }));
  assert.equal(run.line()?.name, 'flash-sale');
});
