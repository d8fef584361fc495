import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseJson, writeJson } from '../../src/serde/exact-json.ts';
import { keyFormat, valueFormat } from '../../src/serde/format.ts';
import { jsonReader, UnreadableRecord } from '../../src/serde/read-json.ts';
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, type SqlType, STRING } from '../../src/types/sql-type.ts';
import { exactInteger, type Value } from '../../src/types/value.ts';

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exactInteger),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
}));

describe('JSON', () => {
  it('is unchanged after reading and writing, including 64-bit integers', () => {
    fc.assert(
      fc.property(value, (written) =>
        assert.deepEqual(JSON.stringify(plain(parseJson(writeJson(written)))), JSON.stringify(plain(written))),
      ),
      { examples: [[-(2 ** 53)], [-54_313_649_829_853_130], [1e22]] },
    );
  });

  const fits: readonly [SqlType, Value, Value][] = [
    [INTEGER, '12', 12],
    [INTEGER, 1.9, 1],
    [INTEGER, 5_000_000_000, 705_032_704],
    [BIGINT, 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    [BIGINT, '77', 77],
    [DOUBLE, '2.5', 2.5],
    [STRING, 42, '42'],
    [STRING, true, 'true'],
    [STRING, { a: 1 }, '{"a":1}'],
    [STRING, [1, 2], '[1, 2]'],
    [
      {
        base: 'STRUCT',
        fields: [
          { name: 'A', type: INTEGER },
          { name: 'b', type: INTEGER },
        ],
      },
      { a: 1, B: 2, b: 3 },
      { A: 1, b: 3 },
    ],
  ];
  for (const [type, json, read] of fits) {
    it(`reads ${writeJson(json)} as ${type.base}`, () => assert.deepEqual(jsonReader(type)(json), read));
  }

  it('skips records that are nested deeper than 1,000 levels or not UTF-8, as ksqlDB does', () => {
    const format = valueFormat('JSON', [{ name: 'A', type: STRING }]);
    const nested = (levels: number, name: string) => `{"${name}":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    for (const name of ['A', 'UNUSED'])
      for (const levels of [1_000, 20_000])
        assert.throws(() => format.read(Buffer.from(nested(levels, name))), UnreadableRecord);
    assert.deepEqual(format.read(Buffer.from(nested(999, 'A'))), [`${'['.repeat(999)}${']'.repeat(999)}`]);
    assert.throws(() => format.read(Buffer.from('{"A":"caf\xe9"}', 'latin1')), UnreadableRecord);
  });

  const misfits: readonly [SqlType, Value][] = [
    [BOOLEAN, 'true'],
    [BOOLEAN, 1],
    [INTEGER, 'twelve'],
    [INTEGER, '5000000000'],
    [DOUBLE, true],
    [{ base: 'ARRAY', element: STRING }, 'x'],
  ];
  for (const [type, json] of misfits) {
    it(`does not read ${writeJson(json)} as ${type.base}`, () =>
      assert.throws(() => jsonReader(type)(json), UnreadableRecord));
  }
});

/** Converts large integers to text: a large DOUBLE is written like a BIGINT and read back as one. */
const plain = (json: Value): unknown =>
  JSON.parse(
    JSON.stringify(json, (_, each) => {
      if (typeof each === 'bigint') return `#${each}`;
      if (Number.isInteger(each) && !Number.isSafeInteger(each)) return `#${each}`;
      return Object.is(each, -0) ? 0 : each;
    }),
  );

describe('formats', () => {
  it('writes one key column as a bare value and several as an object', () => {
    const columns = [
      { name: 'A', type: STRING },
      { name: 'B', type: BIGINT },
    ];
    assert.equal(String(keyFormat('JSON', columns.slice(0, 1)).write(['x'])), '"x"');
    assert.equal(String(keyFormat('JSON', columns).write(['x', 5])), '{"A":"x","B":5}');
  });

  it('reads what it writes in the KAFKA format', () => {
    const longs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exactInteger);
    const format = keyFormat('KAFKA', [{ name: 'A', type: BIGINT }]);
    fc.assert(
      fc.property(longs, (long) => assert.deepEqual(format.read(format.write([long]) ?? Buffer.alloc(0)), [long])),
    );
    assert.throws(() => format.read(Buffer.alloc(4)), UnreadableRecord);
  });

  for (const bytes of ['', 'this is not json', '{"name":"cut', '[1,2]', '5']) {
    it(`takes no row from ${JSON.stringify(bytes)}`, () =>
      assert.throws(
        () => valueFormat('JSON', [{ name: 'NAME', type: STRING }]).read(Buffer.from(bytes)),
        UnreadableRecord,
      ));
  }
});
