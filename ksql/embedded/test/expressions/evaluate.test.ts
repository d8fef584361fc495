import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../../src/expressions/compile.ts';
import { nullOnError } from '../../src/expressions/compiled.ts';
import { scopeOf } from '../../src/expressions/scope.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { jsonWriter } from '../../src/serde/typed-json.ts';
import { BIGINT, BOOLEAN, DOUBLE, formatType, INTEGER, STRING } from '../../src/types/sql-type.ts';
import type { Value } from '../../src/types/value.ts';

const columns: [name: string, type: Parameters<typeof formatType>[0], value: Value][] = [
  ['S', STRING, 'ada'],
  ['I', INTEGER, 9],
  ['B', BIGINT, 7],
  ['X', DOUBLE, 2.5],
  ['D', { base: 'DECIMAL', precision: 7, scale: 2 }, -3.25],
  ['T', BOOLEAN, true],
  ['NS', STRING, null],
  ['NI', INTEGER, null],
  ['NT', BOOLEAN, null],
  ['A', { base: 'ARRAY', element: STRING }, ['a', null]],
];
const scope = scopeOf('R', { key: [], value: columns.map(([name, type]) => ({ name, type })) });
const row: Value[] = [...columns.map(([, , value]) => value), 0, 0, 0];

/** Returns the type of an expression, and its value as in an answer. */
function evaluate(text: string, isPull: boolean): string {
  const [parsed] = parseStatements(`SELECT ${text} AS v FROM r;`);
  const item = parsed?.statement.kind === 'select' ? parsed.statement.query.select[0] : undefined;
  assert.ok(item?.kind === 'single', text);
  const compiled = compile(item.expression, { scope, clause: 'SELECT', isPull });
  const type = compiled.type ?? STRING;
  return `${formatType(type)} ${jsonWriter(type, 'text')(nullOnError(compiled)(row))}`;
}

/** Answers of a real ksqlDB 7.9.0. The third is that of pull queries on tables, if it differs. */
const answers: [expression: string, answer: string, pull?: string][] = [
  ['NT OR I > 0', 'BOOLEAN null'],
  ['I > 0 OR NT', 'BOOLEAN true'],
  ['NT AND I > 0', 'BOOLEAN null'],
  ['I < 0 AND NT', 'BOOLEAN false'],
  ['NOT NT', 'BOOLEAN null'],
  ["NOT (NS = 'x')", 'BOOLEAN true'],
  ["NS LIKE 'a%'", 'BOOLEAN null'],
  ["CASE WHEN NT THEN 'y' ELSE 'n' END", 'STRING null'],
  ['COALESCE(NI + I, 0)', 'INTEGER null', 'INTEGER 0'],
  ["NS + '!'", 'STRING "null!"', 'STRING null'],
  ['ARRAY[NI + I, 1]', 'ARRAY<INTEGER> [null,1]'],
  ['0.1 + 0.2', 'DECIMAL(3, 1) 0.3'],
  ['D', 'DECIMAL(7, 2) -3.25'],
  ['0.50', 'DECIMAL(3, 2) 0.50'],
  ['CAST(I AS DOUBLE)', 'DOUBLE 9.0'],
  ['1e10', 'DOUBLE 1.0E10'],
  ['X * 0e0 * -1', 'DOUBLE -0.0'],
  ['CEIL(D)', 'DECIMAL(7, 2) -3.00'],
  ['FLOOR(1.7)', 'DECIMAL(2, 1) 1.0'],
  ['ROUND(-2.5)', 'DECIMAL(1, 0) -2'],
  ['ROUND(-1.25, 1)', 'DECIMAL(3, 2) -1.20'],
  ['CAST(1e10 AS INT)', 'INTEGER 2147483647'],
  ['CAST(-1e30 AS BIGINT)', 'BIGINT -9223372036854775808'],
  ["CAST('1.005' AS DECIMAL(4,2))", 'DECIMAL(4, 2) 1.01'],
  ['CAST(99.95 AS DECIMAL(3,1))', 'DECIMAL(3, 1) 100.0'],
  ["CAST('12:34' AS TIME)", 'TIME "12:34"'],
  ["CAST('1' AS BOOLEAN)", 'BOOLEAN false'],
  ["CAST('1d' AS DOUBLE)", 'DOUBLE 1.0'],
  ['LN(-3)', 'DOUBLE "NaN"'],
  ['INSTR(NS, S)', 'INTEGER 0'],
  ["INSTR(S, 'a', -1)", 'INTEGER 3'],
  ["ARRAY_JOIN(A, '-')", 'STRING "a-null"'],
  ["SPLIT('', '')", 'ARRAY<STRING> [""]'],
  ['CAST(A AS VARCHAR)', 'STRING "[a, null]"'],
  ["I IN ('9', '4')", 'BOOLEAN true'],
  ['GREATEST(X, I)', 'DOUBLE 9.0'],
  ["REGEXP_EXTRACT('a\\-b', 'a-b')", 'STRING "a-b"'],
  ["INITCAP(' hello wORLD')", 'STRING "Hello World"'],
];

describe('expressions', () => {
  for (const [text, answer, pull = answer] of answers)
    it(text, () => {
      assert.equal(evaluate(text, false), answer, 'elsewhere');
      assert.equal(evaluate(text, true), pull, 'in a pull query on a table');
    });

  for (const text of [
    "CASE S WHEN 'ada' THEN 1 END",
    'ROUND(I, 1)',
    'S IN (NULL)',
    'COALESCE(NULL, S)',
    'COALESCE(S, NULL)',
    'LEN(NULL)',
    'LEAST(S, 1)',
  ])
    it(`${text} is refused`, () => {
      assert.throws(() => evaluate(text, false));
      assert.throws(() => evaluate(text, true));
    });

  it('expressions that only a pull query accepts, and those that it refuses', () => {
    assert.equal(evaluate("NS || '!'", true), 'STRING "!"');
    assert.throws(() => evaluate("NS || '!'", false), /concat/);
    assert.throws(() => evaluate("S NOT LIKE 'a%'", true), /Unexpected error generating code/);
    assert.equal(evaluate("S NOT LIKE 'a%'", false), 'BOOLEAN false');
    assert.throws(() => evaluate('(I + NI) IS NULL', false));
  });

  it('a function of ksqlDB that is missing here is refused by name, with any arguments', () => {
    assert.throws(() => evaluate('TIMESTAMPADD(DAYS, 1, S)', false), /does not support the function TIMESTAMPADD/);
    assert.throws(() => evaluate('DATEADD(DAYS, 1, NS)', true), /does not support the function DATEADD/);
  });

  for (const pattern of ['(?i)B', 'a++', '\\p{Upper}', '\\Aa', '[a-z&&[^b]]'])
    it(`the pattern ${pattern} is refused, because JavaScript reads it differently`, () => {
      assert.throws(() => evaluate(`REGEXP_EXTRACT('${pattern}', S)`, false), /does not support the pattern/);
    });
});
