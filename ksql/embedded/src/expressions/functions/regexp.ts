import { type SqlType, STRING } from '../../types/sql-type.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const STRINGS: SqlType = { base: 'ARRAY', element: STRING };

/** Java's and JavaScript's patterns agree on what a shop writes; one that JavaScript cannot read gives null. */
function pattern(text: string, flags = ''): RegExp {
  try {
    return new RegExp(text, `${flags}u`);
  } catch (cause) {
    throw new EvaluationError(`not a pattern: ${text}`, { cause });
  }
}

const first = (regexp: string, text: string, group = 0): string | null => pattern(regexp).exec(text)?.[group] ?? null;

const all = (regexp: string, text: string, group = 0): (string | null)[] =>
  [...text.matchAll(pattern(regexp, 'g'))].map((match) => {
    if (group < 0 || group >= match.length) throw new EvaluationError(`no group ${group}`);
    return match[group] ?? null;
  });

export const REGEXP_FUNCTIONS: Readonly<Record<string, readonly Overload[]>> = {
  REGEXP_REPLACE: [
    overload(['STRING', 'STRING', 'STRING'], STRING, (text, regexp, next) =>
      String(text).replace(pattern(String(regexp), 'g'), String(next)),
    ),
  ],
  REGEXP_EXTRACT: [
    overload(['STRING', 'STRING'], STRING, (regexp, text) => first(String(regexp), String(text))),
    overload(['STRING', 'STRING', 'INTEGER'], STRING, (regexp, text, group) =>
      first(String(regexp), String(text), Number(group)),
    ),
  ],
  REGEXP_EXTRACT_ALL: [
    overload(['STRING', 'STRING'], STRINGS, (regexp, text) => all(String(regexp), String(text))),
    overload(['STRING', 'STRING', 'INTEGER'], STRINGS, (regexp, text, group) =>
      all(String(regexp), String(text), Number(group)),
    ),
  ],
  REGEXP_SPLIT_TO_ARRAY: [
    overload(['STRING', 'STRING'], STRINGS, (text, regexp) => String(text).split(pattern(String(regexp)))),
  ],
};
