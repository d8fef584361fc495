import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findScenario, listScenarios, readScenario } from '../../src/index.ts';

const sale = `
about: a sale
seconds: 30
commands:
  - { at: 20, target: order-service, command: set-rate, orders_per_second: 5 }
  - { at: 0, target: order-service, command: set-traffic, times: 50 }
`;

test('reads commands in the order of their times, and a seed of 1 by default', () => {
  const { about, seconds, seed, steps } = readScenario(sale, 'sale.yaml');
  assert.deepEqual([about, seconds, seed], ['a sale', 30, 1]);
  assert.deepEqual(steps, [
    { at: 0, request: { target: 'order-service', command: 'set-traffic', times: 50 } },
    { at: 20, request: { target: 'order-service', command: 'set-rate', orders_per_second: 5 } },
  ]);
});

test('every scenario of the shop can be read', () => {
  const names = listScenarios();
  for (const name of ['flash-sale', 'moving-day', 'quiet-night', 'late-orders', 'sent-twice', 'unreadable'])
    assert.ok(names.includes(name), name);
  for (const name of names) assert.ok(findScenario(name).steps.length > 0);
  assert.throws(() => findScenario('flash-sales'), /there is no scenario flash-sales, only flash-sale, /);
  assert.throws(() => findScenario('../package'), /there is no scenario/);
});

const withLine = (line: string) =>
  sale.replace('  - { at: 0, target: order-service, command: set-traffic, times: 50 }', line);

for (const [what, text, expected] of [
  ['no YAML', 'about: [', /^sale\.yaml: .*line 1/s],
  ['an empty file', '', /^sale\.yaml: Invalid input: expected object/],
  ['too long a time', sale.replace('30', '601'), /^sale\.yaml: seconds: Too big: .*600/],
  ['an unknown key', `${sale}loop: true`, /^sale\.yaml: Unrecognized key: "loop"/],
  ['a wrong seed', `${sale}seed: -1`, /^sale\.yaml: seed: Too small/],
  ['no time', withLine('  - { target: updater, command: move, customer_id: 1 }'), /commands: 1: at: /],
  [
    'a time after the end',
    withLine('  - { at: 30, target: updater, command: move, customer_id: 1 }'),
    /1: at: Too big/,
  ],
  [
    'a value above its ceiling',
    withLine('  - { at: 0, target: order-service, command: set-traffic, times: 51 }'),
    /^sale\.yaml: commands: 1: times: Too big: .*50/,
  ],
  [
    'an unknown command',
    withLine('  - { at: 0, target: updater, command: rm }'),
    /1: command: expected one of set-rate/,
  ],
  ['another target', withLine('  - { at: 0, target: audit, command: set-rate, orders_per_second: 1 }'), /1: target: /],
  [
    'a scenario',
    withLine('  - { at: 0, target: websocket, command: scenario, name: flash-sale }'),
    /contains no other/,
  ],
  ['a huge file', `${sale}# ${'x'.repeat(70_000)}`, /at most 65536 characters/],
] as const)
  test(`refuses ${what}, and names file and key`, () => {
    assert.throws(() => readScenario(text, 'sale.yaml'), { code: 'invalid_scenario', message: expected });
  });
