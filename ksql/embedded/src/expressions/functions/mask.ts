import { STRING } from '../../types/sql-type.ts';
import type { Value } from '../../types/value.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

/** Masks of upper-case letters, lower-case letters, digits and other characters; null keeps the character. */
type Masks = readonly (string | null)[];

const usual: Masks = ['X', 'x', 'n', '-'];

function maskCharacter(character: string, [upper = null, lower = null, digit = null, other = null]: Masks): string {
  if (/\p{Lu}/u.test(character)) return upper ?? character;
  if (/\p{Ll}/u.test(character)) return lower ?? character;
  return (/\p{Nd}/u.test(character) ? digit : other) ?? character;
}

const masksOf = (values: readonly Value[]): Masks =>
  values.length === 0 ? usual : values.map((value) => (value === null ? null : oneCharacter(String(value))));

function oneCharacter(mask: string): string {
  if (mask.length !== 1) throw new EvaluationError(`a mask has to be one character: ${mask}`);
  return mask;
}

/** Masks the characters in the range that `range` returns for the text's length and the count. */
const maskPart =
  (range: (length: number, count: number) => readonly [from: number, to: number]) =>
  (text: Value, count: Value, ...masks: Value[]): Value => {
    if (text === null || count === null) return null;
    if (Number(count) < 0) throw new EvaluationError('a count of characters below 0');
    // Like Java, split by UTF-16 code units.
    const characters = String(text).split('');
    const [from, to] = range(characters.length, Number(count));
    const chosen = masksOf(masks);
    return characters.map((each, i) => (i >= from && i < to ? maskCharacter(each, chosen) : each)).join('');
  };

const partly = (run: Overload['run']): Overload[] => [
  overload(['STRING', 'INTEGER'], STRING, run, { takesNull: true }),
  overload(['STRING', 'INTEGER', 'STRING', 'STRING', 'STRING', 'STRING'], STRING, run, { takesNull: true }),
];

const whole = maskPart((length) => [0, length]);

export const maskFunctions: Readonly<Record<string, readonly Overload[]>> = {
  MASK: [
    overload(['STRING'], STRING, (text) => whole(text ?? null, 0)),
    overload(
      ['STRING', 'STRING', 'STRING', 'STRING', 'STRING'],
      STRING,
      (text, ...masks) => whole(text ?? null, 0, ...masks),
      { takesNull: true },
    ),
  ],
  MASK_LEFT: partly(maskPart((_, count) => [0, count])),
  MASK_RIGHT: partly(maskPart((length, count) => [length - count, length])),
  MASK_KEEP_LEFT: partly(maskPart((length, count) => [count, length])),
  MASK_KEEP_RIGHT: partly(maskPart((length, count) => [0, length - count])),
};
