import { BIGINT, BOOLEAN, INTEGER, type SqlType, STRING } from '../../types/sql-type.ts';
import { compareValues, isObject, sameValue, type Value } from '../../types/value.ts';
import { javaText } from '../java-text.ts';
import { type Overload, overload } from './signature.ts';

/** T: the first type that is not null. */
const typeT = (types: readonly (SqlType | null)[]): SqlType =>
  types.find((type) => type !== null) ?? { base: 'STRING' };
const elementOf = (types: readonly (SqlType | null)[]): SqlType =>
  types[0]?.base === 'ARRAY' ? types[0].element : typeT(types);
const mapPart =
  (part: 'key' | 'value') =>
  (types: readonly (SqlType | null)[]): SqlType => ({
    base: 'ARRAY',
    element: types[0]?.base === 'MAP' ? types[0][part] : typeT(types),
  });
const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
const entries = (value: Value | undefined): readonly [string, Value][] =>
  value !== undefined && value !== null && isObject(value) ? Object.entries(value) : [];

const joinableTypes = new Set<SqlType['base']>(['BOOLEAN', 'INTEGER', 'BIGINT', 'DOUBLE', 'DECIMAL', 'STRING']);

/** Joins the elements as Java formats them; null if ARRAY_JOIN does not support their type. */
function joined(array: Value | undefined, separator: string, [type]: readonly (SqlType | null)[]): Value {
  if (type?.base !== 'ARRAY') return null;
  const { element } = type;
  if (!joinableTypes.has(element.base) && list(array).some((each) => each !== null)) return null;
  return list(array)
    .map((each) => javaText(each, element))
    .join(separator);
}

/** Whether Java can order values of the type: not arrays, maps or structs. */
const isOrdered = ({ base }: SqlType): boolean => base !== 'ARRAY' && base !== 'MAP' && base !== 'STRUCT';

const extreme = (wanted: 1 | -1): Overload => {
  const run = (array: Value | undefined): Value => extremeOf(list(array), wanted);
  return overload(['ARRAY'], elementOf, run, {
    prepare: ([type]) => (type?.base === 'ARRAY' && !isOrdered(type.element) ? () => null : run),
  });
};

const extremeOf = (values: readonly Value[], wanted: 1 | -1): Value =>
  values.reduce<Value>(
    (best, value) =>
      value !== null && (best === null || Math.sign(compareValues(value, best)) === wanted) ? value : best,
    null,
  );

export const generalFunctions: Readonly<Record<string, readonly Overload[]>> = {
  COALESCE: [
    overload(['T', 'T'], typeT, (...values) => values.find((value) => value !== null) ?? null, {
      variadic: true,
      takesNull: true,
    }),
  ],
  IFNULL: [overload(['T', 'T'], typeT, (value, other) => value ?? other ?? null, { takesNull: true })],
  NULLIF: [
    overload(
      ['T', 'T'],
      typeT,
      (value, other) =>
        value !== null && other !== null && sameValue(value ?? null, other ?? null) ? null : (value ?? null),
      { takesNull: true },
    ),
  ],
  AS_VALUE: [overload(['T'], typeT, (value) => value ?? null, { takesNull: true })],
  ARRAY_LENGTH: [overload(['ARRAY'], INTEGER, (array) => list(array).length)],
  ARRAY_CONTAINS: [
    overload(['ARRAY', 'T'], BOOLEAN, (array, value) => list(array).some((each) => sameValue(each, value ?? null)), {
      takesNull: true,
    }),
  ],
  ARRAY_MAX: [extreme(1)],
  ARRAY_MIN: [extreme(-1)],
  ARRAY_DISTINCT: [
    overload(['ARRAY'], typeT, (array) =>
      list(array).filter((value, i, all) => all.findIndex((other) => sameValue(value, other)) === i),
    ),
  ],
  ARRAY_JOIN: [
    overload(['ARRAY'], STRING, () => null, { prepare: (types) => (array) => joined(array, ',', types) }),
    overload(['ARRAY', 'STRING'], STRING, () => null, {
      takesNull: true,
      prepare: (types) => (array, separator) =>
        array === null ? null : joined(array, separator === null ? '' : String(separator), types),
    }),
  ],
  MAP_KEYS: [overload(['MAP'], mapPart('key'), (map) => entries(map).map(([key]) => key))],
  MAP_VALUES: [overload(['MAP'], mapPart('value'), (map) => entries(map).map(([, value]) => value))],
  UNIX_TIMESTAMP: [overload([], BIGINT, () => Date.now()), overload(['TIMESTAMP'], BIGINT, (moment) => moment ?? null)],
};
