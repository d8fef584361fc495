import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeTestFolder } from '@shop/test-support';
import { runClean } from '../../src/clean.ts';
import { noteOwner, systemFolderFor } from '../../src/postgres/system-data.ts';

test('--clean removes only the data of deleted checkouts', (t) => {
  const home = makeTestFolder(t);
  const system = path.join(home, 'system');
  const make = (name: string): string => {
    const folder = systemFolderFor(path.join(home, name, '.shop', 'postgres'), system);
    mkdirSync(path.join(folder, 'data'), { recursive: true });
    return folder;
  };
  const note = (name: string, folder: string, shop = path.join(home, name, '.shop')) =>
    noteOwner(folder, { checkout: path.join(home, name), shop });
  mkdirSync(path.join(home, 'living'));
  mkdirSync(path.join(home, 'elsewhere'));

  const [living, deleted, unknown, running, data, lostData] = [
    'living',
    'deleted',
    'unknown',
    'running',
    'data',
    'lost',
  ].map(make) as [string, string, string, string, string, string];
  note('living', living); // its .shop was deleted, the checkout was not
  note('deleted', deleted);
  note('running', running);
  writeFileSync(path.join(running, 'data', 'postmaster.pid'), `${process.pid}\n`);
  note('deleted', data, path.join(home, 'elsewhere'));
  note('living', lostData, path.join(home, 'deleted-data'));

  const lines: string[] = [];
  runClean((line) => lines.push(line), system);
  const left = [living, deleted, unknown, running, data, lostData].map((folder) => existsSync(folder));
  assert.deepEqual(left, [true, false, true, true, true, false]);
  const lineOf = (folder: string) => lines.find((line) => line.includes(folder)) ?? '';
  assert.match(lineOf(living), /^kept .* exists$/);
  assert.match(lineOf(deleted), /^removed .*\/deleted was deleted$/);
  assert.match(lineOf(unknown), /^kept .*does not say which checkout/);
  assert.match(lineOf(running), /^kept .*its Postgres still runs$/);
  assert.match(lineOf(lostData), /^removed .*deleted-data was deleted$/);
  assert.equal(lines.at(-1), `removed 2 of 6 data folders in ${system}`);

  const again: string[] = [];
  runClean((line) => again.push(line), system);
  assert.equal(again.at(-1), `removed 0 of 4 data folders in ${system}`);
});

test('--clean reports that there is nothing to remove', () => {
  const lines: string[] = [];
  runClean((line) => lines.push(line), '/none');
  assert.deepEqual(lines, ['removed 0 of 0 data folders in /none']);
});
