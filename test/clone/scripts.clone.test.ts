import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeTestFolder } from '@shop/test-support';
import { checkout, copyProject, listProjectFiles } from './make-clone.ts';

const documents = listProjectFiles().filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md');

/** `start`, `test:busy`, `build -w @shop/websocket-page`: the scripts that a document tells users to run. */
function findNamedScripts(): string[] {
  const pattern = /\bnpm (?:run (?<script>[\w:-]*\w)|(?<short>start|test)\b)(?<workspace> -w @shop\/[\w-]+)?/g;
  const named = documents.flatMap((file) =>
    [...readFileSync(path.join(checkout, file), 'utf8').matchAll(pattern)].map(
      ({ groups }) => `${groups?.['script'] ?? groups?.['short']}${groups?.['workspace'] ?? ''}`,
    ),
  );
  return [...new Set(named)].sort();
}

test('the documents name no command that needs packages before they are installed', () => {
  const needsPackages = /node (--\S+ )*--import tsx|npx (?!wscat|ksqldb-embedded)/;
  // A script that takes a command, such as `npm run judge`, installs the packages before it runs the command.
  const isWrong = (line: string) => needsPackages.test(line) && !line.startsWith('npm run ');
  const wrong = documents.filter((file) => readFileSync(path.join(checkout, file), 'utf8').split('\n').some(isWrong));
  assert.deepEqual(wrong, []);
});

test('every script that a document names works in a fresh clone', async (t) => {
  const clone = path.join(makeTestFolder(t), 'clone');
  copyProject(clone);
  // npm's cache holds what the checkout's own installation has fetched.
  const env = { ...process.env, npm_config_prefer_offline: 'true' };
  const run = (words: readonly string[]) =>
    spawnSync('npm', ['run', '--silent', ...words], { cwd: clone, encoding: 'utf8', env });

  await t.test('the first one installs the packages', () => {
    const { status, stdout, stderr } = run(['faults', '--', '--list']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^kill-kafka /m);
    assert.match(stderr, /installing the npm packages/);
    assert.ok(existsSync(path.join(clone, 'node_modules', 'tsx')));
  });

  const scripts = findNamedScripts();
  for (const script of scripts)
    await t.test(`npm run ${script} -- --help shows flags and an example`, () => {
      const { status, stdout, stderr } = run([...script.split(' '), '--', '--help']);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^Options:$/m);
      assert.match(stdout, /^Examples?:$/m);
    });
  assert.ok(scripts.length > 10, scripts.join(', '));

  for (const words of [['lint'], ['types'], ['bench', '--', '--list'], ['build', '-w', '@shop/websocket-page']])
    await t.test(`npm run ${words.join(' ')} succeeds`, () => {
      const { status, stdout, stderr } = run(words);
      assert.equal(status, 0, stdout + stderr);
    });
});
