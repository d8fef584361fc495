import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readCompose } from '@shop/local';
import { z } from 'zod';
import { checkout, checkoutFiles } from './checkout-files.ts';

const read = (file: string): string => readFileSync(path.join(checkout, file), 'utf8');
const documents = checkoutFiles.filter((file) => file.endsWith('.md'));

/** Files that a document tells its reader to create. */
const createdByReaders = ['parcels-by-country/src/main.ts'];

/** A document without its blocks of code. */
const proseOf = (document: string): string => read(document).replaceAll(/^ *```.*?^ *```$/gms, '');

/** The anchors that GitHub gives to the headings of a document. */
const anchorsOf = (document: string): string[] =>
  [...proseOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('README.md has at most 90 lines', () => {
  const lines = read('README.md').trimEnd().split('\n').length;
  assert.ok(lines <= 90, `${lines} lines`);
});

test('the README of each workspace answers the same five questions', () => {
  const { workspaces } = z.object({ workspaces: z.array(z.string()) }).parse(JSON.parse(read('package.json')));
  const built = [...readCompose(checkout, {}).services.values()].flatMap(({ folder }) => folder ?? []);
  // Packages inside another workspace, and the tests, have READMEs of another kind.
  const folders = new Set([...workspaces, ...built].filter((folder) => !/[/]|^test$/.test(folder)));
  for (const folder of folders)
    assert.deepEqual(
      [...proseOf(`${folder}/README.md`).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
      ['What it does', 'What you will see', 'Run it', 'Change it', 'How it works'],
      `${folder}/README.md`,
    );
  assert.ok(folders.size >= 11, `${folders.size} folders`);
});

test('every link of a document leads to a file or a heading', () => {
  const broken = documents.flatMap((document) =>
    [...proseOf(document).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
      ([link, file = '', anchor]) => {
        const target = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
        const found = existsSync(path.join(checkout, target)) && (!anchor || anchorsOf(target).includes(anchor));
        return found ? [] : [`${document}: ${link}`];
      },
    ),
  );
  assert.deepEqual(broken, []);
});

test('every file that a document names exists', () => {
  const missing = documents
    .filter((document) => document !== 'CHANGELOG.md')
    .flatMap((document) =>
      [...proseOf(document).matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:ts|tsx|mjs|cjs|sql|ksql|json|xml|sh))`/g)]
        .map(([, file = '']) => file)
        .filter((file) => !createdByReaders.includes(file) && !file.includes('NAME') && !isThere(document, file))
        .map((file) => `${document}: ${file}`),
    );
  assert.deepEqual(missing, []);
});

/** A document names a file from the checkout, from its own folder, or from `src` beside it. */
function isThere(document: string, file: string): boolean {
  const folder = path.posix.dirname(document);
  return ['.', folder, `${folder}/src`].some((start) => existsSync(path.join(checkout, start, file)));
}
