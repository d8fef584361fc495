import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClosers } from '../../src/service/closers.ts';

test('closes in reverse, one after the other', async () => {
  const closers = createClosers();
  const closed: string[] = [];
  for (const name of ['first', 'second'])
    closers.add(async () => {
      closed.push(`${name} begins`);
      await Promise.resolve();
      closed.push(`${name} ends`);
    });
  await closers.closeAll();
  assert.deepEqual(closed, ['second begins', 'second ends', 'first begins', 'first ends']);
});

test('runs all of them also when some fail, and rethrows the first error', async () => {
  const closers = createClosers();
  const closed: number[] = [];
  closers.add(() => closed.push(1));
  closers.add(() => Promise.reject(new Error('later')));
  closers.add(() => {
    throw new Error('first');
  });
  await assert.rejects(closers.closeAll(), /first/);
  assert.deepEqual(closed, [1]);
});

test('closes what a pending start opens after the end began', async () => {
  const closers = createClosers();
  const closed: string[] = [];
  closers.add(() => {
    closed.push('early');
    closers.add(() => closed.push('late'));
  });
  await closers.closeAll();
  assert.deepEqual(closed, ['early', 'late']);
  closers.add(() => closed.push('very late'));
  await closers.closeAll();
  assert.deepEqual(closed, ['early', 'late', 'very late']);
});

test('does not wait for a closer that takes too long, and closes the rest', async () => {
  const late: number[] = [];
  const closers = createClosers((hadMs) => late.push(hadMs));
  const closed: string[] = [];
  closers.add(() => closed.push('first'));
  closers.add(() => new Promise(() => {}));
  closers.add(() => closed.push('last'));
  await closers.closeAll(100);
  assert.deepEqual(closed, ['last', 'first']);
  assert.equal(late.length, 1);
  assert.ok(late.every((hadMs) => hadMs <= 50));
});
