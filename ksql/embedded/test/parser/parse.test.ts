import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KsqlError } from '../../src/errors.ts';
import type { Expression } from '../../src/parser/ast.ts';
import { formatExpression } from '../../src/parser/format-expression.ts';
import { parseStatements } from '../../src/parser/parse.ts';

const at = { line: 0, column: 0 };
const name = fc.constantFrom('A', 'B1', 'order', 'SELECT', 'with`tick', 'Ünï');
const literal = fc.oneof<fc.Arbitrary<Expression>[]>(
  fc.integer().map((value) => ({ kind: 'literal', type: 'INTEGER', value })),
  fc.string().map((value) => ({ kind: 'literal', type: 'STRING', value })),
  fc.boolean().map((value) => ({ kind: 'literal', type: 'BOOLEAN', value })),
  fc.constantFrom('1.50', '-0.25', '100.0').map((value) => ({ kind: 'literal', type: 'DECIMAL', value })),
  fc.constant({ kind: 'literal', type: 'NULL', value: null }),
);

/** Expressions of every kind, nested. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    literal,
    name.map((column): Expression => ({ kind: 'column', name: column, at })),
    fc.record({ kind: fc.constant('not' as const), operand: tie('expression') }),
    fc.record({ kind: fc.constant('isNull' as const), operand: tie('expression'), negated: fc.boolean() }),
    fc.record({
      kind: fc.constant('logical' as const),
      operator: fc.constantFrom('AND' as const, 'OR' as const),
      left: tie('expression'),
      right: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('arithmetic' as const),
      operator: fc.constantFrom(...(['+', '-', '*', '/', '%'] as const)),
      left: tie('expression'),
      right: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('comparison' as const),
      operator: fc.constantFrom(...(['=', '<>', '<', '<=', 'IS DISTINCT FROM'] as const)),
      left: tie('expression'),
      right: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('in' as const),
      operand: tie('expression'),
      list: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('between' as const),
      operand: tie('expression'),
      low: tie('expression'),
      high: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('field' as const),
      base: name.map((column): Expression => ({ kind: 'column', name: column, at })),
      name,
    }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constant('COALESCE'),
      args: fc.array(tie('expression'), { maxLength: 3 }),
      star: fc.constant(false),
    }),
    fc.record({
      kind: fc.constant('case' as const),
      whens: fc.array(fc.record({ condition: tie('expression'), result: tie('expression') }), {
        minLength: 1,
        maxLength: 2,
      }),
      otherwise: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('struct' as const),
      fields: fc.array(fc.record({ name, value: tie('expression') }), { maxLength: 2 }),
    }),
  ),
}));

/** Removes the positions, which a generated tree does not have. */
const placeless = (tree: unknown): unknown =>
  JSON.parse(JSON.stringify(tree, (key, value) => (key === 'at' ? undefined : value)));

function parseExpression(text: string): unknown {
  const [parsed] = parseStatements(`SELECT ${text} FROM t;`);
  assert.ok(parsed?.statement.kind === 'select');
  const [item] = parsed.statement.query.select;
  assert.ok(item?.kind === 'single');
  return placeless(item.expression);
}

describe('parseStatements', () => {
  it('reads back every expression that it can write', () => {
    fc.assert(
      fc.property(expression, (tree) => assert.deepEqual(parseExpression(formatExpression(tree)), placeless(tree))),
    );
  });

  it('answers any text with statements or a KsqlError', () => {
    const words = fc.constantFrom(
      'SELECT',
      '*',
      'FROM',
      'a',
      '(',
      ')',
      ',',
      ';',
      "'x'",
      '->',
      'WHERE',
      'IN',
      '1',
      '"',
      '`',
      'CREATE',
      'TABLE',
      'WITH',
      '--',
      '/*',
      '\n',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(text, (sql) => {
        try {
          assert.ok(Array.isArray(parseStatements(sql)));
        } catch (error) {
          assert.ok(error instanceof KsqlError, String(error));
          assert.equal(error.status, 400);
        }
      }),
    );
  });

  it('converts unquoted names to upper case and keeps quoted ones', () => {
    assert.deepEqual(parseExpression('a."b"->`c`'), {
      kind: 'field',
      base: { kind: 'column', source: 'A', name: 'b' },
      name: 'c',
    });
  });

  it('keeps the text of each statement without the comments around it', () => {
    const texts = parseStatements('-- one\nLIST STREAMS; /* two */ SHOW TABLES; -- end').map(({ text }) => text);
    assert.deepEqual(texts, ['LIST STREAMS;', 'SHOW TABLES;']);
  });

  for (const [sql, message] of [
    ['SELEC 1;', "line 1:1: Syntax Error\nUnknown statement 'SELEC'\nDid you mean 'SELECT'?"],
    ['SELECT * FROM a', "line 1:16: Syntax Error\nmissing ';' at '<EOF>'"],
    ['LIST STREEMS;', "line 1:6: Syntax Error\nSyntax error at or near 'STREEMS' at line 1:6"],
    ['SELECT * FROM a EMIT CHANGES WHERE b > 1;', "line 1:30: Syntax Error\nExpecting {';', 'LIMIT'}"],
    ['SELECT * FROM a WHERE b IN ();', 'line 1:29: Syntax Error\n'],
    [
      'SELECT 99999999999999999999 FROM a;',
      'Failed to prepare statement: Invalid numeric literal: 99999999999999999999',
    ],
  ] as const) {
    it(`refuses ${sql}`, () => assert.throws(() => parseStatements(sql), { message }));
  }
});
