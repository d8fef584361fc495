import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { runRound } from './run-round.ts';

/** A checkout with a tracked file and an ignored one, and an `npm` that runs this script. */
function createCheckout(t: TestContext, npm: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'busy-'));
  const [bin, checkout] = [path.join(folder, 'bin'), path.join(folder, 'checkout')];
  for (const each of [bin, path.join(checkout, 'node_modules')]) mkdirSync(each, { recursive: true });
  writeFileSync(path.join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
  chmodSync(path.join(bin, 'npm'), 0o755);
  writeFileSync(path.join(checkout, '.gitignore'), 'node_modules\n');
  writeFileSync(path.join(checkout, 'node_modules', 'installed'), '');
  execFileSync('git', ['init', '-q'], { cwd: checkout });
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before}`;
  t.after(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true });
  });
  return checkout;
}

/** Runs a round. Returns the round, its output and the folder of its copy. */
async function runIn(checkout: string) {
  const said: string[] = [];
  const round = await runRound({
    checkout,
    durationSeconds: 7,
    signal: new AbortController().signal,
    say: (text) => said.push(text),
  });
  return { round, said };
}

const good = '{"delivered":5,"dead_letters":0,"exit_codes":{"kafka":143,"updater":0}}';

test('a round passes when the start and the stage pass, in a copy without packages', async (t) => {
  const log = path.join(tmpdir(), `busy-${process.pid}.log`);
  t.after(() => rmSync(log, { force: true }));
  const checkout = createCheckout(
    t,
    `echo "$PWD $* $(ls -A | tr '\\n' ' ')" >> ${log}; [ "$1" = start ] && echo 'the shop is open' >&2 && echo '${good}'; exit 0`,
  );
  const { round } = await runIn(checkout);
  assert.deepEqual(round.problems, []);
  assert.ok(round.openSeconds !== undefined);
  const [start = '', stage = ''] = readFileSync(log, 'utf8').split('\n');
  assert.match(start, / start -- --fresh --duration 7 --json --port-offset \d+ /);
  assert.match(stage, / test -- fleet /);
  assert.doesNotMatch(start, /node_modules/);
  assert.equal(existsSync(start.split(' ')[0] ?? ''), false, 'the copy is deleted');
});

test('a round reports what failed, and keeps the copy', async (t) => {
  const bad = '{"delivered":0,"dead_letters":0,"exit_codes":{"kafka":null}}';
  const checkout = createCheckout(t, `[ "$1" = start ] && echo '${bad}' && exit 0; exit 3`);
  const { round, said } = await runIn(checkout);
  assert.match(round.problems[0] ?? '', /npm start printed an unexpected result: .*delivered/s);
  assert.equal(round.problems[1], 'npm test -- fleet ended with code 3');
  const [, copy = ''] = /is in (\S+)\/start\.out/.exec(said.at(-1) ?? '') ?? [];
  assert.ok(existsSync(path.join(copy, 'fleet.out')));
  rmSync(path.dirname(copy), { recursive: true });
});
