import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Analysis } from '../plan/analyse.ts';
import { writeJson } from '../serde/exact-json.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Row } from '../types/value.ts';
import { plainKeys } from './lookup.ts';
import { createTablePull, type TablePull } from './pull-table.ts';

/** So many different queries are remembered, those asked last. */
const maxPulls = 200;
const beforeKeys = /\bWHERE\s+\w+\s*(?:=|IN\s*\()\s*/i;
const quoteOrComment = /['"`;]|--|\/\*/;
const literal = /\s*(?:(-?\d{1,15})|'((?:[^']|'')*)')\s*([,);])/y;
const ending = /\s*;?\s*$/y;

export type PreparedPulls = ReturnType<typeof createPreparedPulls>;

/**
 * Pull queries by key that were planned before. What a service asks for differs in its keys alone, so the text up to them
 * finds the plan, and nothing is parsed or analysed a second time.
 */
export function createPreparedPulls() {
  const pulls = new Map<string, TablePull>();

  return {
    /** The plan and the keys to use it with, if the like was asked before and the table is still the same. */
    find(sql: string, catalogue: Catalogue): { pull: TablePull; keys: readonly Row[] } | undefined {
      const text = upToKeys(sql);
      const pull = text === undefined ? undefined : pulls.get(text);
      if (text === undefined || pull === undefined) return undefined;
      const keys = readKeys(sql, text, pull.source.schema.key[0]?.type);
      pulls.delete(text);
      if (!pull.isCurrent(catalogue)) return undefined;
      pulls.set(text, pull);
      return keys === undefined ? undefined : { pull, keys };
    },

    /** Keeps the plan of a query that could be answered, if its text shows that it is a look-up. */
    remember(sql: string, analysis: Analysis, catalogue: Catalogue): void {
      const source = analysis.sources[0]?.source;
      const { where } = analysis.query;
      const text = upToKeys(sql);
      if (source === undefined || where === undefined || text === undefined) return;
      const keys = readKeys(sql, text, source.schema.key[0]?.type);
      // What the parser found has the last word.
      if (keys === undefined || writeJson(keys) !== writeJson(plainKeys(where, source) ?? null)) return;
      if (pulls.size >= maxPulls) pulls.delete(pulls.keys().next().value ?? '');
      pulls.set(text, createTablePull(analysis, catalogue));
    },
  };
}

/** A query up to its keys, `SELECT … WHERE ID IN (`, if there is nothing in it that a literal could be part of. */
function upToKeys(sql: string): string | undefined {
  const found = beforeKeys.exec(sql);
  const text = found === null ? '' : sql.slice(0, found.index + found[0].length);
  return text === '' || quoteOrComment.test(text) ? undefined : text;
}

/** The keys behind the text, or undefined if there is anything but literals of the key's type. */
function readKeys(sql: string, text: string, type: SqlType | undefined): Row[] | undefined {
  const isList = text.trimEnd().endsWith('(');
  const keys: Row[] = [];
  literal.lastIndex = text.length;
  for (;;) {
    const [, digits, quoted, behind] = literal.exec(sql) ?? [];
    const key = digits === undefined ? quoted?.replaceAll("''", "'") : Number(digits);
    if (key === undefined || !fits(key, type)) return undefined;
    keys.push([key]);
    if (behind === ',' && isList) continue;
    if (behind !== (isList ? ')' : ';')) return undefined;
    ending.lastIndex = literal.lastIndex;
    return ending.test(sql) && sql.includes(';', literal.lastIndex - 1) ? keys : undefined;
  }
}

function fits(key: string | number, type: SqlType | undefined): boolean {
  if (typeof key === 'string') return type?.base === 'STRING';
  return type?.base === 'BIGINT' || (type?.base === 'INTEGER' && (key | 0) === key);
}
