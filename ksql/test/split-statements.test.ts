import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SplitError, splitStatements } from '../src/split-statements.ts';

const texts = (script: string) => splitStatements(script).map(({ text }) => text);

test('cuts at semicolons, and counts the lines', () => {
  assert.deepEqual(splitStatements('SET a;\n\n  CREATE\nb ;'), [
    { text: 'SET a', line: 1 },
    { text: 'CREATE\nb', line: 3 },
  ]);
});

test('semicolons in texts and names cut nothing; a doubled quote does not end a text', () => {
  assert.deepEqual(texts(`A 'x;y' "p;q" \`r;s\`; B 'it''s; so' "a"";b";`), [
    `A 'x;y' "p;q" \`r;s\``,
    `B 'it''s; so' "a"";b"`,
  ]);
});

test('comments are left out, whatever they contain', () => {
  assert.deepEqual(texts(`-- it's; a "trap\n/* ; don't\n-- */ A - B -> C / 2; -- the end`), ['A - B -> C / 2']);
});

test('a statement after comments has its own line', () => {
  assert.equal(splitStatements("-- one\n/* two\nthree */\n\nA '\n';\nB;")[1]?.line, 7);
});

test('the marks of a comment inside a text begin no comment', () => {
  assert.deepEqual(texts(`A '-- no /* no' ; B;`), [`A '-- no /* no'`, 'B']);
});

test('names of JavaScript properties are ordinary words', () => {
  assert.deepEqual(texts('constructor toString;'), ['constructor toString']);
});

test('no statement at all', () => {
  assert.deepEqual(texts(' \n-- nothing\n;;'), []);
});

for (const [script, line] of [
  ["A;\nB 'x;", 2],
  ['A "x;', 1],
  ['A `x;', 1],
  ['A;\n\n/* x;', 3],
  ['A;\nB', 2],
] as const)
  test(`has no end: ${JSON.stringify(script)}`, () => {
    assert.throws(
      () => splitStatements(script),
      (error) => error instanceof SplitError && error.line === line,
    );
  });
