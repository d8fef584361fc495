import { KsqlError } from '../errors.ts';
import { BIGINT, DOUBLE, formatType, type SqlType } from '../types/sql-type.ts';
import { compareValues, exactInteger, sameValue, toInt32, type Value } from '../types/value.ts';

/** An aggregate function. Its states are column values, so that a changelog can store them. */
export interface Aggregator {
  readonly type: SqlType;
  readonly initial: Value;
  readonly add: (state: Value, value: Value) => Value;
  /** Removes a value; functions without it cannot aggregate tables. */
  readonly remove?: (state: Value, value: Value) => Value;
  readonly result: (state: Value) => Value;
}

type Build = (argument: SqlType) => Aggregator;

const same = (state: Value): Value => state;

/** Adds numbers as Java does: integers wrap around. */
function plus(type: SqlType, left: Value, right: Value, sign: 1 | -1): Value {
  if (right === null) return left;
  const [l, r] = [Number(left), Number(right) * sign];
  if (type.base === 'DOUBLE') return l + r;
  if (type.base === 'DECIMAL') return Number((l + r).toFixed(type.scale));
  const sum =
    Number.isSafeInteger(l) && Number.isSafeInteger(r) && Number.isSafeInteger(l + r)
      ? l + r
      : exactInteger(BigInt(left as number) + BigInt(right as number) * BigInt(sign));
  return type.base === 'INTEGER' ? toInt32(sum) : sum;
}

function requireType(name: string, type: SqlType, accepted: readonly SqlType['base'][]): void {
  if (!accepted.includes(type.base))
    throw new KsqlError(`Function '${name}' does not accept parameters (${formatType(type)}).`);
}

const inexactTypes: readonly SqlType['base'][] = ['INTEGER', 'BIGINT', 'DOUBLE'];
const numberTypes: readonly SqlType['base'][] = [...inexactTypes, 'DECIMAL'];
const orderedTypes: readonly SqlType['base'][] = [...numberTypes, 'STRING', 'DATE', 'TIME', 'TIMESTAMP', 'BYTES'];

const sum: Build = (type) => {
  requireType('SUM', type, numberTypes);
  return {
    type,
    initial: 0,
    add: (state, value) => plus(type, state, value, 1),
    remove: (state, value) => plus(type, state, value, -1),
    result: same,
  };
};

const count: Build = () => ({
  type: BIGINT,
  initial: 0,
  add: (state, value) => (value === null ? state : Number(state) + 1),
  remove: (state, value) => (value === null ? state : Number(state) - 1),
  result: same,
});

/** The state is [sum, count]. */
const average: Build = (type) => {
  requireType('avg', type, inexactTypes);
  const step =
    (sign: 1 | -1) =>
    (state: Value, value: Value): Value => {
      const [total = 0, n = 0] = Array.isArray(state) ? state : [];
      return value === null ? state : [plus(type, total, value, sign), Number(n) + sign];
    };
  return {
    type: DOUBLE,
    initial: [0, 0],
    add: step(1),
    remove: step(-1),
    result: (state) => {
      const [total = 0, n = 0] = Array.isArray(state) ? state : [];
      return n === 0 ? 0 : Number(total) / Number(n);
    },
  };
};

const extreme =
  (name: 'MIN' | 'MAX', wanted: 1 | -1): Build =>
  (type) => {
    requireType(name, type, orderedTypes);
    return {
      type,
      initial: null,
      add: (state, value) =>
        value !== null && (state === null || Math.sign(compareValues(value, state)) === wanted) ? value : state,
      result: same,
    };
  };

const latest: Build = (type) => ({ type, initial: null, add: (state, value) => value ?? state, result: same });
const earliest: Build = (type) => ({ type, initial: null, add: (state, value) => state ?? value, result: same });

/** ksqlDB stops collecting at this many. */
const maxCollected = 1000;
const listOf = (state: Value): readonly Value[] => (Array.isArray(state) ? state : []);

const collect =
  (distinct: boolean): Build =>
  (type) => ({
    type: { base: 'ARRAY', element: type },
    initial: [],
    add: (state, value) => {
      const list = listOf(state);
      const full = list.length >= maxCollected || (distinct && list.some((each) => sameValue(each, value)));
      return full ? list : [...list, value];
    },
    ...(distinct
      ? {}
      : {
          remove: (state: Value, value: Value) => {
            const list = listOf(state);
            const at = list.findLastIndex((each) => sameValue(each, value));
            return list.filter((_, i) => i !== at);
          },
        }),
    result: same,
  });

export const aggregateFunctions: ReadonlyMap<string, Build> = new Map([
  ['SUM', sum],
  ['COUNT', count],
  ['AVG', average],
  ['MIN', extreme('MIN', -1)],
  ['MAX', extreme('MAX', 1)],
  ['LATEST_BY_OFFSET', latest],
  ['EARLIEST_BY_OFFSET', earliest],
  ['COLLECT_LIST', collect(false)],
  ['COLLECT_SET', collect(true)],
]);
