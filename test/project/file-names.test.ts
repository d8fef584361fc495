import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { checkout, checkoutFiles } from './checkout-files.ts';

test('no two source files of a workspace share a name', () => {
  const { workspaces } = z
    .object({ workspaces: z.array(z.string()) })
    .parse(JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')));
  // A workspace inside another one is a separate workspace.
  const innermostFirst = workspaces.toSorted((a, b) => b.length - a.length);
  const names = checkoutFiles
    .filter((file) => /\.(tsx?|mjs|cjs|css)$/.test(file))
    .map((file) => {
      const workspace = innermostFirst.find((folder) => file.startsWith(`${folder}/`)) ?? '.';
      return `${workspace}: ${path.posix.basename(file)}`;
    });
  assert.ok(names.length > 700, `${names.length} source files`);
  const shared = names.filter((name, index) => names.indexOf(name) !== index);
  assert.deepEqual(shared, []);
});
