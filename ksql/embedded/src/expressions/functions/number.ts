import { roundUp } from '../../types/decimal.ts';
import { BIGINT, DOUBLE, INTEGER, type SqlType, wider } from '../../types/sql-type.ts';
import { compareValues, exactInteger, toInt32, type Value } from '../../types/value.ts';
import { integerOfDouble } from '../cast.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const n = (value: Value | undefined): number => Number(value ?? 0);
const first = (types: readonly (SqlType | null)[]): SqlType => types[0] ?? DOUBLE;
const real = (run: (value: number) => number): Overload[] => [overload(['DOUBLE'], DOUBLE, (value) => run(n(value)))];

/** Java's Math.round: rounds half up, also below zero. */
const halfUp = (value: number): number => Math.floor(value + 0.5);

/** Largest number of places to round to; Java's BigDecimal refuses more. */
const mostPlaces = 10_000;

function rounded(value: number, places: number): number {
  if (Math.abs(places) > mostPlaces) throw new EvaluationError('too many digits to round to');
  return Number.isFinite(value) ? roundUp(value, places) : value;
}

const withoutScale = (types: readonly (SqlType | null)[]): SqlType => {
  const [type] = types;
  return type?.base === 'DECIMAL' ? { base: 'DECIMAL', precision: type.precision - type.scale, scale: 0 } : DOUBLE;
};

/** The narrowest decimal that holds every argument. */
const widest = (types: readonly (SqlType | null)[]): SqlType =>
  types.reduce<SqlType | null>(
    (wide, type) => (wide === null ? type : type === null ? wide : wider(wide, type)),
    null,
  ) ?? DOUBLE;

const pickExtreme =
  (wanted: 1 | -1) =>
  (...values: Value[]): Value =>
    values.reduce<Value>(
      (best, value) =>
        value !== null && (best === null || Math.sign(compareValues(value, best)) === wanted) ? value : best,
      null,
    );

const extreme = (wanted: 1 | -1): Overload[] =>
  (['INTEGER', 'BIGINT', 'DECIMAL', 'DOUBLE', 'STRING', 'DATE', 'TIME', 'TIMESTAMP'] as const).map((base) =>
    overload([base, base], base === 'DECIMAL' ? widest : { base }, pickExtreme(wanted), {
      variadic: true,
      takesNull: true,
    }),
  );

/** Java's Math.abs: the smallest BIGINT stays negative. */
const absolute = (value: Value): Value =>
  typeof value === 'bigint' ? exactInteger(value < 0n ? -value : value) : Math.abs(n(value));

const logarithm = (base: number, value: number): number =>
  base <= 0 || base === 1 ? Number.NaN : Math.log(value) / Math.log(base);

export const numberFunctions: Readonly<Record<string, readonly Overload[]>> = {
  ABS: [
    overload(['INTEGER'], INTEGER, (value) => toInt32(Math.abs(n(value)))),
    overload(['BIGINT'], BIGINT, absolute),
    overload(['DECIMAL'], first, absolute),
    overload(['DOUBLE'], DOUBLE, absolute),
  ],
  ROUND: [
    overload(['INTEGER'], BIGINT, (value) => value ?? null),
    overload(['BIGINT'], BIGINT, (value) => value ?? null),
    overload(['DECIMAL'], withoutScale, (value) => roundUp(n(value), 0)),
    overload(['DOUBLE'], BIGINT, (value) => integerOfDouble(halfUp(n(value)), 64)),
    overload(['DECIMAL', 'INTEGER'], first, (value, places) => rounded(n(value), n(places))),
    overload(['DOUBLE', 'INTEGER'], DOUBLE, (value, places) => rounded(n(value), n(places))),
  ],
  FLOOR: [
    overload(['INTEGER'], INTEGER, (value) => value ?? null),
    overload(['BIGINT'], BIGINT, (value) => value ?? null),
    overload(['DECIMAL'], first, (value) => Math.floor(n(value))),
    ...real(Math.floor),
  ],
  CEIL: [
    overload(['INTEGER'], INTEGER, (value) => value ?? null),
    overload(['BIGINT'], BIGINT, (value) => value ?? null),
    overload(['DECIMAL'], first, (value) => Math.ceil(n(value)) + 0),
    ...real(Math.ceil),
  ],
  SIGN: [
    overload(['INTEGER'], INTEGER, (value) => Math.sign(n(value))),
    overload(['BIGINT'], INTEGER, (value) => Math.sign(n(value))),
    overload(['DOUBLE'], INTEGER, (value) => Math.sign(n(value))),
  ],
  SQRT: real(Math.sqrt),
  CBRT: real(Math.cbrt),
  EXP: real(Math.exp),
  LN: real(Math.log),
  LOG: [...real(Math.log), overload(['DOUBLE', 'DOUBLE'], DOUBLE, (base, value) => logarithm(n(base), n(value)))],
  POWER: [overload(['DOUBLE', 'DOUBLE'], DOUBLE, (base, exponent) => n(base) ** n(exponent))],
  GREATEST: extreme(1),
  LEAST: extreme(-1),
};
