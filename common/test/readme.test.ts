import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as common from '../src/index.ts';

const example = new URL('../example/big-orders.ts', import.meta.url);
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The text between a heading and the next one. */
const section = (heading: string) => readme.split(/^#{2,3} /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';

test('README.md shows the example as it is', () => {
  const [, code] = /```ts\n(.*?)```/s.exec(section('A whole service')) ?? [];
  assert.equal(code, readFileSync(example, 'utf8'));
});

test('README.md names nothing that common does not export', () => {
  const rows = section('What it offers').matchAll(/^\|[^|]*\|([^|]*)\|/gm);
  const names = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  assert.ok(names.length > 20);
  assert.deepEqual(
    names.filter((name) => !(name in common)),
    [],
  );
});

test('the example ends with the line that README.md shows when its setting is wrong', () => {
  const [line] = /^ {4}(docker-compose\.yml .*)$/m.exec(section('A whole service'))?.slice(1) ?? [];
  assert.ok(line);
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(example)], {
    env: { ...process.env, LOG_LEVEL: 'info', BIG_ORDER: 'many' },
    encoding: 'utf8',
  });
  assert.equal(status, common.settingExitCode, stdout);
  assert.equal(JSON.parse(stdout).msg, line);
});
