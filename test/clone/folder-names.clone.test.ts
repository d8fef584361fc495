import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeDataFolder } from '@shop/test-support';
import { startFleet } from '../fleet/start-fleet.ts';
import { checkout, copyProject, listProjectFiles } from './make-clone.ts';

/** What Java splits or decodes (`:`, `,`, ä), what ends a URL's path (`#`), what a URL encodes (`%20`, a blank), and more. */
const oddName = "läden a:b,c#d%20e 'f' (g) [h] & {i};";

/** As in a container without LANG, where Java takes the names of files for ASCII. */
const posixLocale = { LANG: '', LC_ALL: '', LC_CTYPE: '' };

/** A copy of this checkout with its packages and jars. */
function copyCheckout(target: string): void {
  copyProject(target);
  const workspaces = listProjectFiles()
    .filter((file) => path.basename(file) === 'package.json')
    .map((file) => path.join(path.dirname(file), 'node_modules'));
  for (const folder of workspaces.filter((each) => existsSync(path.join(checkout, each))))
    cpSync(path.join(checkout, folder), path.join(target, folder), { recursive: true, verbatimSymlinks: true });
  mkdirSync(path.join(target, '.shop'));
  const cache = path.join(checkout, '.shop', 'cache');
  if (existsSync(cache)) symlinkSync(cache, path.join(target, '.shop', 'cache'));
}

test('npm start works in a folder of any name, with data in another, in the POSIX locale', async (t) => {
  const home = makeDataFolder();
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const copy = path.join(home, oddName);
  copyCheckout(copy);

  await t.test('the page is built', () => {
    execFileSync('npm', ['run', '--silent', 'build', '-w', '@shop/websocket-page'], { cwd: copy });
    assert.ok(existsSync(path.join(copy, 'websocket', 'page', 'dist', 'index.html')));
  });

  await t.test('tests run', () => {
    const file = 'common/test/settings/config-file.test.ts';
    execFileSync(process.execPath, ['local/launch.mjs', 'test/src/main.ts', file], { cwd: copy, stdio: 'pipe' });
  });

  await t.test('the fleet opens, and ends without a failure', async (t) => {
    const fleet = await startFleet(t, { checkout: copy, dataName: oddName, env: posixLocale });
    const page = await fetch(`http://127.0.0.1:${fleet.ports.page}/`);
    assert.match(await page.text(), /<title>/);
    const { code } = await fleet.stop();
    assert.equal(code, 0);
  });
});
