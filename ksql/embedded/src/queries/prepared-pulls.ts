import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Analysis } from '../plan/analyse.ts';
import { writeJson } from '../serde/exact-json.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Row } from '../types/value.ts';
import { plainKeys } from './lookup.ts';
import { createTablePull, type TablePull } from './pull-table.ts';

/** Maximum number of cached plans; the least recently used one is dropped. */
const maxPulls = 200;
const beforeKeys = /\bWHERE\s+\w+\s*(?:=|IN\s*\()\s*/i;
const quoteOrComment = /['"`;]|--|\/\*/;
const literal = /\s*(?:(-?\d{1,15})|'((?:[^']|'')*)')\s*([,);])/y;
const ending = /\s*;?\s*$/y;

export type PreparedPulls = ReturnType<typeof createPreparedPulls>;

/**
 * Caches the plans of pull queries by key. A service's queries differ only in their keys, so the text before the keys
 * identifies the plan, and the query need not be parsed again.
 */
export function createPreparedPulls() {
  const pulls = new Map<string, TablePull>();

  return {
    /** Returns the cached plan and the query's keys, if the table is still the same. */
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

    /** Caches the plan of an answered query, if it is a look-up by key. */
    remember(sql: string, analysis: Analysis, catalogue: Catalogue): void {
      const source = analysis.sources[0]?.source;
      const { where } = analysis.query;
      const text = upToKeys(sql);
      if (source === undefined || where === undefined || text === undefined) return;
      const keys = readKeys(sql, text, source.schema.key[0]?.type);
      // Cache only if the parser found the same keys.
      if (keys === undefined || writeJson(keys) !== writeJson(plainKeys(where, source) ?? null)) return;
      if (pulls.size >= maxPulls) pulls.delete(pulls.keys().next().value ?? '');
      pulls.set(text, createTablePull(analysis, catalogue));
    },
  };
}

/** Returns a query's text before its keys, `SELECT … WHERE ID IN (`; undefined if it has a quote or a comment. */
function upToKeys(sql: string): string | undefined {
  const found = beforeKeys.exec(sql);
  const text = found === null ? '' : sql.slice(0, found.index + found[0].length);
  return text === '' || quoteOrComment.test(text) ? undefined : text;
}

/** Reads the keys after the text; undefined if anything else than literals of the key's type follows. */
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
