import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { checkout, checkoutFiles } from './checkout-files.ts';

// cspell refuses words (flagWords in cspell.json), but cannot refuse phrases.
const read = (file: string): string => readFileSync(path.join(checkout, file), 'utf8');
const replacements = z
  .array(z.object({ phrases: z.array(z.string()), write: z.string() }))
  .parse(JSON.parse(read('test/project/phrases.json')));

const withProse = /\.(md|tsx?|[cm]js|ksql|sql|yml|sh|config|css|html)$|Dockerfile$/;
/** Text recorded from a real ksqlDB, and this test. */
const exceptions = /^ksql\/embedded\/test\/fixtures\/|^test\/project\/phrases\.test\.ts$/;

/** A phrase may continue on the next line of a comment. */
const betweenWords = String.raw`\s+(?:(?:\*|//|#|--)\s+)?`;

/** Lists each phrase that a text should not contain, with its line and what to write. */
function findPhrases(text: string): string[] {
  return replacements.flatMap(({ phrases, write }) => {
    const pattern = phrases.map((phrase) => phrase.replaceAll(' ', betweenWords)).join('|');
    return [...text.matchAll(new RegExp(String.raw`\b(?:${pattern})\b`, 'gi'))].map(
      ({ index, 0: found }) =>
        `${text.slice(0, index).split('\n').length}: "${found.replaceAll(/\s[\s*/#-]*/g, ' ')}", write: ${write}`,
    );
  });
}

test('finds a phrase in any case, and across the lines of a comment', () => {
  const text = ['/**', ' * Kafka Is', ' * away.', ' */', '// A broker of its ownership.', '# It says so.'].join('\n');
  assert.deepEqual(findPhrases(text), [
    '2: "Is away", write: is unavailable',
    '6: "says so", write: is logged, is reported',
  ]);
});

test('no file contains a phrase that phrases.json replaces', () => {
  const files = checkoutFiles.filter((file) => withProse.test(file) && !exceptions.test(file));
  assert.ok(files.length > 800, `${files.length} files`);
  const wrong = files.flatMap((file) => findPhrases(read(file)).map((found) => `${file}:${found}`));
  assert.ok(wrong.length === 0, wrong.join('\n'));
});
