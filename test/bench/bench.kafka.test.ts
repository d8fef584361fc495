import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTestFolder } from '@shop/test-support';
import { z } from 'zod';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** The figures that need only a few seconds, with the roles of each row. */
const cheap: Readonly<Record<string, string[][]>> = {
  'produce-orders': [['ours', 'obvious', 'ceiling']],
  'ship-orders': [['ours', 'obvious', 'ceiling']],
  'pull-by-key': [['ours', 'ceiling']],
  'fan-out': [['ours', 'obvious', 'ceiling']],
  audit: [['ours', 'ceiling']],
};

const positive = z.number().positive();
const report = z.object({
  machine: z.object({ cores: positive, node: z.string() }),
  comparisons: z.array(
    z.object({
      figure: z.string(),
      contestants: z.array(z.object({ role: z.string(), median: positive, rounds: z.array(positive).length(1) })),
      ratios: z.record(z.string(), z.object({ median: positive })),
      targets: z.array(z.object({ limit: positive, met: z.boolean() })).min(1),
    }),
  ),
  skipped: z.array(z.never()),
  wrong: z.array(z.never()),
});

const bench = (...words: string[]) =>
  spawnSync(process.execPath, ['local/launch.mjs', 'test/bench/bench-command.ts', ...words], {
    cwd: checkout,
    encoding: 'utf8',
  });

test('the benchmark works: every figure has its contestants, and no answer is wrong', (t) => {
  const folder = makeTestFolder(t);
  const [json, markdown] = [path.join(folder, 'results.json'), path.join(folder, 'benchmarks.md')];
  const marks = ['begin', 'end'].map((word) => `<!-- results of npm run bench: ${word} -->`);
  writeFileSync(markdown, ['# Before', ...marks, 'After'].join('\n'));
  const only = ['--only', Object.keys(cheap).join(',')];
  const { status, stdout, stderr } = bench('--quick', ...only, '--json', json, '--markdown', markdown);
  assert.equal(status, 0, stdout + stderr);

  const { comparisons } = report.parse(JSON.parse(readFileSync(json, 'utf8')));
  for (const [name, rows] of Object.entries(cheap)) {
    const found = comparisons.filter(({ figure }) => figure === name);
    assert.deepEqual(
      found.map(({ contestants }) => contestants.map(({ role }) => role)),
      rows,
      name,
    );
    for (const { contestants, ratios } of found) assert.equal(Object.keys(ratios).length, contestants.length - 1);
  }
  const document = readFileSync(markdown, 'utf8');
  assert.match(document, /^# Before\n<!--.*\n\n[\s\S]*\| figure \|[\s\S]*`ship-orders`[\s\S]*-->\nAfter$/);
});

test('a figure that does not exist and a document without marks end it with code 2', (t) => {
  const { status, stderr } = bench('--only', 'nothing');
  assert.equal(status, 2);
  assert.match(stderr, /^no figure nothing; expected change-customers/);
  const markdown = path.join(makeTestFolder(t, { 'plain.md': '# No marks' }), 'plain.md');
  const unmarked = bench('--markdown', markdown);
  assert.equal(unmarked.status, 2);
  assert.match(unmarked.stderr, /has no lines <!-- results of npm run bench: begin -->/);
});
