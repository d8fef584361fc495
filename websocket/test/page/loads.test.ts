import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCommand } from '@shop/common';
import { backToNormal, type Load, loads, placeOf, valuesInForce } from '../../page/src/text/loads.ts';

const envelope = { command_id: '6f0c0c5e-0d43-4a3c-8f0a-0d6f6a1a2b3c', issued_at: '2026-11-28T12:00:00Z' };

const valuesOf = ({ sliders }: Load, pick: (values: readonly number[]) => number | undefined) =>
  Object.fromEntries(sliders.map(({ name, values }) => [name, pick(values) ?? 0]));

for (const load of loads)
  test(`the contract accepts the lowest and the highest values of ${load.title}`, () => {
    for (const pick of [(values: readonly number[]) => values[0], (values: readonly number[]) => values.at(-1)]) {
      const { target, command, fields } = load;
      assert.ok(checkCommand({ ...envelope, target, command, ...fields(valuesOf(load, pick)) }));
    }
  });

test('the sliders show what was sent, when the service answers with it', () => {
  for (const load of loads) {
    const values = valuesOf(load, (each) => each[2]);
    const { target, fields } = load;
    assert.deepEqual(valuesInForce(load, [{ target, fields: fields(values) }]), values, load.title);
    const usual = Object.fromEntries(load.sliders.map((slider) => [slider.name, slider.usual]));
    assert.deepEqual(valuesInForce(load, [{ target: 'another', fields: fields(values) }]), usual, load.title);
  }
});

test('a value between those of the slider is shown at the nearest one', () => {
  assert.deepEqual(
    [0, 7, 37, 9_000].map((value) => placeOf(value, [1, 5, 10, 20, 50])),
    [0, 1, 4, 4],
  );
});

test('each slider can stand at the usual value', () => {
  for (const { values, usual, name } of loads.flatMap(({ sliders }) => sliders))
    assert.ok(values.includes(usual), name);
});

test('each load says what will happen', () => {
  const told = loads.map((load) => load.explain(valuesOf(load, (values) => values[1])));
  assert.match(told[0] ?? '', /^order-service will place 2 orders a second\./);
  assert.match(told[2] ?? '', /^Every 2 s, 1 will register, 1 move and 1 leave\./);
});

test('the contract accepts the commands of “Back to normal”', () => {
  for (const request of backToNormal) assert.ok(checkCommand({ ...envelope, ...request }));
});
