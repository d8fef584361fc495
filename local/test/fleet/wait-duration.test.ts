import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitDuration } from '../../src/fleet/wait-duration.ts';

const plan = {
  startMs: 0,
  signal: new AbortController().signal,
  onTick: () => {},
  openingMs: 3_600_000,
};

test('counts from when the shop is open, even if that takes long', async () => {
  let open: (value?: unknown) => void = () => {};
  const ready = new Promise((resolve) => {
    open = resolve;
  });
  let ended = false;
  const waiting = waitDuration({ ...plan, durationMs: 300, ready }).then(() => {
    ended = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal(ended, false);
  const opened = Date.now();
  open();
  await waiting;
  assert.ok(Date.now() - opened >= 300);
});

test('a shop that never opens ends after as much time as its start took', async () => {
  const never = new Promise(() => {});
  const began = Date.now();
  await waitDuration({ ...plan, durationMs: 100, startMs: 400, openingMs: 0, ready: never });
  assert.ok(Date.now() - began >= 500);
});

test('a signal ends it at once, also without a duration', async () => {
  const ending = new AbortController();
  const waiting = waitDuration({ ...plan, durationMs: undefined, ready: Promise.resolve(), signal: ending.signal });
  ending.abort();
  await waiting;
});
