import { BIGINT, DOUBLE, INTEGER, type SqlType } from '../../types/sql-type.ts';
import { compareValues, type Value } from '../../types/value.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const n = (value: Value | undefined): number => Number(value ?? 0);
const first = (types: readonly (SqlType | null)[]): SqlType => types[0] ?? DOUBLE;
const real = (run: (value: number) => number): Overload[] => [overload(['DOUBLE'], DOUBLE, (value) => run(n(value)))];

/** Java's Math.round: a half goes up, also below zero. */
const halfUp = (value: number): number => Math.floor(value + 0.5);

/** Decimal digits are counted on the number as it is written: 1.25 rounds to 1.3. */
function roundTo(value: number, places: number): number {
  const [digits = '', exponent = '0'] = String(Math.abs(value)).split('e');
  const scaled = Number(`${digits}e${Number(exponent) + places}`);
  const rounded = value < 0 ? -Math.ceil(scaled - 0.5) : halfUp(scaled);
  const [back = '', by = '0'] = String(rounded).split('e');
  return Number(`${back}e${Number(by) - places}`);
}

const extreme = (wanted: 1 | -1): Overload => ({
  parameters: ['T'],
  variadic: true,
  takesNull: true,
  result: first,
  run: (...values) =>
    values.reduce<Value>(
      (best, value) =>
        value !== null && (best === null || Math.sign(compareValues(value, best)) === wanted) ? value : best,
      null,
    ),
});

const absolute = (value: Value): Value =>
  typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(n(value));
const logarithm = (value: number): number => {
  if (value <= 0) throw new EvaluationError('logarithm of a number that is not positive');
  return Math.log(value);
};

export const NUMBER_FUNCTIONS: Readonly<Record<string, readonly Overload[]>> = {
  ABS: [
    overload(['INTEGER'], INTEGER, absolute),
    overload(['BIGINT'], BIGINT, absolute),
    overload(['DECIMAL'], first, absolute),
    overload(['DOUBLE'], DOUBLE, absolute),
  ],
  ROUND: [
    overload(['INTEGER'], BIGINT, (value) => value ?? null),
    overload(['BIGINT'], BIGINT, (value) => value ?? null),
    overload(['DOUBLE'], BIGINT, (value) => halfUp(n(value))),
    overload(['DOUBLE', 'INTEGER'], DOUBLE, (value, places) => roundTo(n(value), n(places))),
  ],
  FLOOR: [
    overload(['INTEGER'], INTEGER, (value) => value ?? null),
    overload(['BIGINT'], BIGINT, (value) => value ?? null),
    ...real(Math.floor),
  ],
  CEIL: [
    overload(['INTEGER'], INTEGER, (value) => value ?? null),
    overload(['BIGINT'], BIGINT, (value) => value ?? null),
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
  LN: real(logarithm),
  POWER: [overload(['DOUBLE', 'DOUBLE'], DOUBLE, (base, exponent) => n(base) ** n(exponent))],
  GREATEST: [extreme(1)],
  LEAST: [extreme(-1)],
};
