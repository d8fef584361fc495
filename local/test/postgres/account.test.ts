import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeTestFolder } from '@shop/test-support';
import { findPostgresAccount, mayEnter } from '../../src/postgres/account.ts';

const root = 'root:x:0:0:root:/root:/bin/sh\n';
const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n';
const postgres = 'postgres:x:101:104::/var/lib/postgresql:/bin/bash\n';

test('root runs Postgres as postgres, else as an unprivileged user; other users run it as themselves', () => {
  assert.deepEqual(
    findPostgresAccount(0, () => root + nobody + postgres),
    { name: 'postgres', uid: 101, gid: 104 },
  );
  assert.deepEqual(
    findPostgresAccount(0, () => root + nobody),
    { name: 'nobody', uid: 65_534, gid: 65_534 },
  );
  assert.equal(
    findPostgresAccount(1000, () => assert.fail('not needed')),
    undefined,
  );
  assert.throws(() => findPostgresAccount(0, () => root), /run npm start as another user/);
});

test('an account can enter a folder if it can enter every folder above', (t) => {
  const folder = makeTestFolder(t);
  chmodSync(folder, 0o755);
  const inner = path.join(folder, 'closed', 'inner');
  mkdirSync(inner, { recursive: true });
  const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };
  assert.equal(mayEnter(inner, stranger), true);
  assert.equal(mayEnter(path.join(inner, 'not', 'yet', 'there'), stranger), true);
  chmodSync(path.join(folder, 'closed'), 0o700);
  assert.equal(mayEnter(inner, stranger), false);
  const owner = { name: 'owner', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  assert.equal(mayEnter(inner, owner), true);
  assert.equal(mayEnter(inner, undefined), true);
});
