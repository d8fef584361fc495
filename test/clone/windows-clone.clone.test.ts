import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkout, cloneProject, listProjectFiles } from './make-clone.ts';

/** What git for Windows sets when it is installed. */
const windowsSettings = ['core.autocrlf=true'];

test('a clone made on Windows has the line ends that scripts, .env and lint need', async (t) => {
  const clone = cloneProject(t, windowsSettings);
  const scripts = listProjectFiles().filter((file) =>
    readFileSync(path.join(clone, file)).subarray(0, 2).equals(Buffer.from('#!')),
  );
  assert.ok(scripts.length > 0);

  await t.test('no text file has a carriage return', () => {
    const binary = /\.(png|webp)$/;
    const wrong = listProjectFiles().filter(
      (file) => !binary.test(file) && readFileSync(path.join(clone, file)).includes('\r\n'),
    );
    assert.deepEqual(wrong, []);
  });

  for (const script of scripts)
    await t.test(`${script} is a script that bash reads`, () => {
      const { status, stderr } = spawnSync('bash', ['-n', script], { cwd: clone, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });

  for (const script of scripts.filter((file) => /start[\w-]*\.sh$/.test(file)))
    await t.test(`${script} runs up to its missing settings`, () => {
      accessSync(path.join(clone, script), constants.X_OK);
      // The images have packages, and a release of Node that reads TypeScript.
      const packages = path.join(clone, 'node_modules');
      symlinkSync(path.join(checkout, 'node_modules'), packages);
      const loader = `--import=${import.meta.resolve('tsx')}`;
      const env = { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: loader, CONFIG_DIR: '/none' };
      const { status, stderr } = spawnSync(path.join(clone, script), [], { encoding: 'utf8', env });
      rmSync(packages);
      assert.equal(status, 78, stderr);
    });

  await t.test('lint finds nothing', () => {
    // As in the checkout, whose packages are the same.
    const biome = path.join(checkout, 'node_modules', '.bin', 'biome');
    const { status, stdout, stderr } = spawnSync(biome, ['ci', '.'], { cwd: clone, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });

  assert.ok(!readdirSync(clone).includes('node_modules'));
});
