import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellText, summarise, toTables } from '../../page/src/text/answer-tables.ts';

test('the rows of a SELECT are one table', () => {
  const answer = { columns: ['ID', 'TAGS'], rows: [[5, ['a']]], ended: 'rows' } as const;
  const given = { ...answer, columns: [...answer.columns], rows: answer.rows.map((row) => [...row]) };
  assert.deepEqual(toTables(given), [{ title: null, columns: ['ID', 'TAGS'], rows: [[5, ['a']]] }]);
  assert.equal(summarise(given), '1 row. There are more.');
  assert.equal(summarise({ columns: [], rows: [], ended: 'complete' }), '0 rows.');
});

test('SHOW TABLES is a table, without what is empty', () => {
  const tables = [
    { type: 'TABLE', name: 'CUSTOMERS', topic: 'CUSTOMERS', isWindowed: false, note: '' },
    { type: 'TABLE', name: 'STOCK', topic: 'stock', isWindowed: false },
  ];
  const answer = { answer: [{ '@type': 'tables', statementText: 'SHOW TABLES;', tables, warnings: [] }] };
  assert.deepEqual(toTables(answer), [
    {
      title: 'tables',
      columns: ['type', 'name', 'topic', 'isWindowed'],
      rows: [
        ['TABLE', 'CUSTOMERS', 'CUSTOMERS', false],
        ['TABLE', 'STOCK', 'stock', false],
      ],
    },
  ]);
  assert.deepEqual(toTables({ answer: [{ '@type': 'tables', tables: [] }] }), []);
});

test('DESCRIBE is a table of properties and one of columns, whose types are as ksqlDB writes them', () => {
  const plain = (type: string) => ({ type, fields: null, memberSchema: null });
  const struct = { type: 'STRUCT', fields: [{ name: 'A', schema: plain('BIGINT') }], memberSchema: null };
  const sourceDescription = {
    name: 'CUSTOMERS',
    windowType: null,
    partitions: 6,
    readQueries: [],
    fields: [
      { name: 'ID', schema: plain('BIGINT'), type: 'KEY' },
      { name: 'BOX', schema: struct },
      { name: 'TAGS', schema: { type: 'ARRAY', fields: null, memberSchema: struct } },
    ],
  };
  assert.deepEqual(toTables({ answer: [{ '@type': 'sourceDescription', sourceDescription }] }), [
    {
      title: null,
      columns: ['property', 'value'],
      rows: [
        ['name', 'CUSTOMERS'],
        ['partitions', 6],
      ],
    },
    {
      title: 'fields',
      columns: ['name', 'schema', 'type'],
      rows: [
        ['ID', 'BIGINT', 'KEY'],
        ['BOX', 'STRUCT<A BIGINT>', undefined],
        ['TAGS', 'ARRAY<STRUCT<A BIGINT>>', undefined],
      ],
    },
  ]);
});

test('a cell is text, and JSON where it is none', () => {
  assert.deepEqual(['a', 5, null, undefined, ['a'], { b: 1 }].map(cellText), [
    'a',
    '5',
    'null',
    '',
    '["a"]',
    '{"b":1}',
  ]);
});
