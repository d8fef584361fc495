import { notSupported } from '../../errors.ts';
import { type SqlType, STRING } from '../../types/sql-type.ts';
import type { Value } from '../../types/value.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const stringArray: SqlType = { base: 'ARRAY', element: STRING };

/** Java-only pattern syntax: flags, possessive quantifiers, POSIX classes, anchors, intersections. */
const javaOnly =
  /\(\?(?:[a-z-]+[:)]|>)|[*+?}]\+|\\[pP]\{(?:Lower|Upper|ASCII|Alpha|Digit|Alnum|Punct|Graph|Print|Blank|Cntrl|XDigit|Space|java|I[sn])|\\[AZzGQEhHRXae]|\[[^\]]*&&/;

/** @throws KsqlError for a literal pattern that Java reads differently */
const checkPattern =
  (place: number): Overload['check'] =>
  (constants) => {
    const text = constants[place];
    if (typeof text === 'string' && javaOnly.test(text)) throw notSupported(`the pattern '${text}' of Java`);
  };

/** Removes escapes that Java allows and JavaScript refuses; `\-` is valid in JavaScript only inside brackets. */
const withoutNeedlessEscapes = (text: string): string =>
  text.replace(/\\([\s\S])/g, (whole, sign: string) => {
    if (sign === '-') return '\\x2d';
    return /[\w\s^$\\.*+?()[\]{}|/]/.test(sign) ? whole : sign;
  });

/** Compiles a pattern; one that JavaScript cannot parse makes the result null. */
function pattern(text: string, flags = ''): RegExp {
  try {
    return new RegExp(withoutNeedlessEscapes(text), `${flags}u`);
  } catch (cause) {
    throw new EvaluationError(`not a pattern: ${text}`, { cause });
  }
}

/** Expands Java's replacement syntax: `$1` is a group, and a backslash escapes the next character. */
function replacement(template: string, groups: readonly (string | undefined)[]): string {
  return template.replace(/\\([\s\S]?)|\$(\d?)/g, (_, escaped: string | undefined, group: string | undefined) => {
    if (escaped) return escaped;
    const number = group ? Number(group) : Number.NaN;
    if (!(number < groups.length)) throw new EvaluationError(`not a replacement: ${template}`);
    return groups[number] ?? '';
  });
}

const replaceAll = (text: string, regexp: string, template: string): string =>
  text.replace(pattern(regexp, 'g'), (...match: unknown[]) => {
    const end = match.findIndex((part) => typeof part === 'number');
    return replacement(template, match.slice(0, end) as (string | undefined)[]);
  });

function find(regexp: string, text: string, group = 0): string | null {
  if (group < 0) throw new EvaluationError(`no group ${group}`);
  return pattern(regexp).exec(text)?.[group] ?? null;
}

/** Returns null if the pattern does not have the group. */
function findAll(regexp: string, text: string, group = 0): (string | null)[] | null {
  const groups = new RegExp(`${pattern(regexp).source}|`, 'u').exec('')?.length ?? 1;
  if (group >= groups) return null;
  return [...text.matchAll(pattern(regexp, 'g'))].map((match) => match[group] ?? null);
}

function split(text: string, regexp: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern(regexp, 'g'))) {
    if (match[0] === '' && (match.index === 0 || match.index === text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

const patternFirst = { check: checkPattern(0) };
const patternSecond = { check: checkPattern(1) };

/** The overloads of a function with a pattern, a text and an optional group number. */
const withOptionalGroup = (
  result: SqlType,
  run: (regexp: string, text: string, group?: number) => Value,
): Overload[] => [
  overload(['STRING', 'STRING'], result, (regexp, text) => run(String(regexp), String(text)), patternFirst),
  overload(
    ['STRING', 'STRING', 'INTEGER'],
    result,
    (regexp, text, group) => run(String(regexp), String(text), Number(group)),
    patternFirst,
  ),
];

export const regexpFunctions: Readonly<Record<string, readonly Overload[]>> = {
  REGEXP_REPLACE: [
    overload(
      ['STRING', 'STRING', 'STRING'],
      STRING,
      (text, regexp, next) => replaceAll(String(text), String(regexp), String(next)),
      patternSecond,
    ),
  ],
  REGEXP_EXTRACT: withOptionalGroup(STRING, find),
  REGEXP_EXTRACT_ALL: withOptionalGroup(stringArray, findAll),
  REGEXP_SPLIT_TO_ARRAY: [
    overload(['STRING', 'STRING'], stringArray, (text, regexp) => split(String(text), String(regexp)), patternSecond),
  ],
};
