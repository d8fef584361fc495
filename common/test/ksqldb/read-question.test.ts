import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuestion } from '../../src/ksqldb/read-question.ts';

test('a question gets its semicolon', () => {
  assert.deepEqual(readQuestion(' select 1; '), { sql: 'select 1;', isSelect: true });
  assert.deepEqual(readQuestion('SHOW TABLES'), { sql: 'SHOW TABLES;', isSelect: false });
  const text = "SELECT * FROM T WHERE NAME = 'a;''b'";
  assert.deepEqual(readQuestion(text), { sql: `${text};`, isSelect: true });
  assert.equal(readQuestion('SELECT * FROM T EMIT CHANGES LIMIT 5;').isSelect, true);
  assert.equal(readQuestion('EXPLAIN SELECT * FROM T EMIT CHANGES').isSelect, false);
});

test('a question loses its comments, and quotes keep theirs', () => {
  const text = `/* which? */ SELECT "a--b", '/* ; */' FROM T -- all;`;
  assert.equal(readQuestion(text).sql, `SELECT "a--b", '/* ; */' FROM T;`);
});

for (const [text, reason] of [
  ['', /Expected SELECT, SHOW/],
  ['DROP TABLE CUSTOMERS', /Expected SELECT, SHOW/],
  ['-- SELECT 1', /Expected SELECT, SHOW/],
  ['/* SELECT */ DROP TABLE T', /Expected SELECT, SHOW/],
  ["SET 'a' = 'b'", /Expected SELECT, SHOW/],
  ['SELECTED 1', /Expected SELECT, SHOW/],
  ['SHOW TABLES; DROP TABLE CUSTOMERS', /Expected one statement/],
  ["SELECT 'a'; DROP TABLE T", /Expected one statement/],
  ['SELECT 1 /* ; */; -- end;\nDROP TABLE T', /Expected one statement/],
  ['SELECT "a; b" FROM T; INSERT INTO T VALUES (1)', /Expected one statement/],
  ["SELECT 'a; DROP TABLE T", /Expected one statement/],
  ['SELECT * FROM T EMIT CHANGES -- LIMIT 5', /never ends. Add LIMIT 5/],
  ['SELECT * FROM T EMIT CHANGES', /never ends. Add LIMIT 5/],
] as const)
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => readQuestion(text), reason);
  });
