import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCell, formatFields, formatTable } from '../../src/shop/format-table.ts';

test('columns are as wide as their widest cell', () => {
  const rows = [
    ['1', 'phone'],
    ['22', ''],
  ];
  assert.equal(formatTable(['id', 'product'], rows), 'id  product\n──  ───────\n1   phone\n22');
  assert.equal(formatTable(['id'], []), 'id\n──');
});

test('no control character of a topic reaches the terminal', () => {
  assert.equal(formatCell('a\u001b[31mb\nc'), 'a [31mb c');
  assert.equal(formatFields({ id: 1, text: ['\u0007'] }), 'id    1\ntext  ["\\u0007"]');
});
