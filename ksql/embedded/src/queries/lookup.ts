import type { Source } from '../catalogue/source.ts';
import { KsqlError } from '../errors.ts';
import { compileCast } from '../expressions/cast.ts';
import { compile } from '../expressions/compile.ts';
import type { Compiled } from '../expressions/compiled.ts';
import { scopeOf } from '../expressions/scope.ts';
import type { ColumnReference, Expression } from '../parser/ast.ts';
import { formatExpression, formatLiteral, quoteName } from '../parser/format-expression.ts';
import { formatType, isNumeric, type SqlType, sameType } from '../types/sql-type.ts';
import type { Row, Value } from '../types/value.ts';
import { disjuncts } from './disjuncts.ts';
import { invalidWhere } from './pull-errors.ts';

/** How to find the rows of a WHERE clause: by key or with a scan. */
export type Lookup =
  | { readonly kind: 'scan' }
  /** `exact`: the keys are the whole condition. */
  | { readonly kind: 'keys'; readonly keys: readonly Row[]; readonly exact: boolean };

const fullScan: Lookup = { kind: 'scan' };
const show = (expression: Expression): string => formatExpression(expression, ({ name }) => quoteName(name));
type Comparison = Extract<Expression, { kind: 'comparison' }>;

/** The keys of `key = literal` and `key IN (literals)`, the usual look-ups; undefined for other conditions. */
export function plainKeys(where: Expression, { schema }: Source): Row[] | undefined {
  const [column, second] = schema.key;
  const { operand, list } = plainTerms(where);
  if (column === undefined || second !== undefined || operand?.kind !== 'column' || operand.name !== column.name)
    return undefined;
  const keys: Row[] = [];
  for (const element of list) {
    const fits =
      element.kind === 'literal' &&
      (element.type === column.type.base || (element.type === 'INTEGER' && column.type.base === 'BIGINT'));
    if (!fits) return undefined;
    keys.push([element.value]);
  }
  return keys;
}

function plainTerms(where: Expression): { operand?: Expression; list: readonly Expression[] } {
  if (where.kind === 'in') return where;
  if (where.kind === 'comparison' && where.operator === '=') return { operand: where.left, list: [where.right] };
  return { list: [] };
}

/** Decides as ksqlDB does between a look-up and a scan, and refuses the conditions that ksqlDB refuses. */
export function planLookup(where: Expression, source: Source, scansAllowed: boolean): Lookup {
  const plain = plainKeys(where, source);
  if (plain !== undefined) return { kind: 'keys', keys: plain, exact: true };
  const alternatives = disjuncts(where);
  if (alternatives === null) return fullScan;
  for (const terms of alternatives) if (needsScan(terms, source, scansAllowed)) return fullScan;
  const keys: Row[] = [];
  for (const terms of alternatives) {
    const key = keyOf(terms, source);
    if (key === 'range') return fullScan;
    if (key !== null) keys.push(key);
  }
  return { kind: 'keys', keys, exact: false };
}

function isColumn(expression: Expression): expression is ColumnReference {
  return expression.kind === 'column';
}

/** Returns the column of a comparison and the other side. */
function sides({ left, right }: Comparison): { column: ColumnReference; other: Expression } | null {
  if (isColumn(right)) return { column: right, other: left };
  return isColumn(left) ? { column: left, other: right } : null;
}

const unkeyedOperators = ['<>', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'];

/** Checks a LIKE in a pull query on a table: the pattern must be a literal, and a column must be text. */
function checkLike({ operand, pattern }: Extract<Expression, { kind: 'like' }>, { name, schema }: Source): void {
  if (pattern.kind !== 'literal' || (pattern.type !== 'STRING' && pattern.type !== 'NULL'))
    throw invalidWhere('Like condition on non-string pattern');
  if (operand.kind !== 'column') return;
  const { type } = compile(operand, { scope: scopeOf(name, schema), clause: 'WHERE' });
  if (type !== null && type.base !== 'STRING')
    throw invalidWhere(`The column type for Like condition must be VARCHAR. The column type is ${formatType(type)}`);
}

function needsScan(terms: readonly Expression[], source: Source, scansAllowed: boolean): boolean {
  const { schema } = source;
  const scanOr = (why: string): true => {
    if (!scansAllowed) throw invalidWhere(why);
    return true;
  };
  const seen = new Set<string>();
  let scan = false;
  for (const term of terms) {
    if (term.kind === 'like') {
      checkLike(term, source);
      continue;
    }
    if (term.kind !== 'comparison' || term.operator === 'IS NOT DISTINCT FROM')
      throw invalidWhere(`Unsupported expression in WHERE clause: ${show(term)}`);
    const found = sides(term);
    if (found === null) scan = scanOr('A comparison must directly reference a key column');
    else if (isColumn(found.other))
      scan = scanOr('A comparison must be between a key column and a resolvable expression');
    else if (schema.key.some(({ name }) => name === found.column.name)) {
      if (unkeyedOperators.includes(term.operator))
        scan = scanOr(
          `Bound on key columns '[${schema.key.map(({ name, type }) => `\`${name}\` ${formatType(type)} KEY`).join(', ')}]' must currently be '='`,
        );
      if (seen.has(found.column.name) && !scansAllowed) {
        throw invalidWhere(
          'A comparison condition on the key column cannot be combined with other comparisons such as an IN predicate',
        );
      }
      seen.add(found.column.name);
    }
  }
  if (scan) return true;
  const [first = { kind: 'literal', type: 'NULL', value: null } satisfies Expression, ...rest] = terms;
  const whole = rest.reduce<Expression>((left, right) => ({ kind: 'logical', operator: 'AND', left, right }), first);
  if (seen.size === 0) return scanOr(`WHERE clause missing key column for disjunct: ${show(whole)}`);
  if (seen.size === schema.key.length) return false;
  return scanOr(
    `Multi-column sources must specify every key in the WHERE clause. Specified: [${[...seen].map((name) => `\`${name}\``).join(', ')}] Expected: [${schema.key.map(({ name, type }) => `\`${name}\` ${formatType(type)} KEY`).join(', ')}]`,
  );
}

/** Returns the key that satisfies the terms; null if none can, 'range' if a key column has no `=`. */
function keyOf(terms: readonly Expression[], { schema }: Source): Row | 'range' | null {
  const key: Value[] = [];
  let impossible = false;
  for (const column of schema.key) {
    const bounds = terms.flatMap((term) => {
      const found = term.kind === 'comparison' ? sides(term) : null;
      return term.kind === 'comparison' && found?.column.name === column.name ? [{ term, other: found.other }] : [];
    });
    const values = bounds.map(({ term, other }) => ({ term, value: keyValue(other, column, term) }));
    const equality = values.find(({ term }) => term.operator === '=');
    if (equality === undefined) return 'range';
    if (equality.value === undefined) impossible = true;
    key.push(equality.value ?? null);
  }
  return impossible ? null : key;
}

/** Converts the literal to the key's type; undefined if no key can equal it, as for a struct of other types. */
function keyValue(
  expression: Expression,
  column: { name: string; type: SqlType },
  hint: Expression,
): Value | undefined {
  const compiled = compile(expression, { scope: [], clause: 'WHERE' });
  const value = compiled.evaluate([]);
  if (value === null || compiled.type === null)
    throw new KsqlError(`Primary key columns can not be NULL: ${show(hint)}`);
  if (sameType(compiled.type, column.type)) return value;
  if (column.type.base === 'STRUCT') return undefined;
  if (widens(compiled.type, column.type)) return compileCast(compiled as Compiled, column.type).evaluate([]);
  const text =
    expression.kind === 'literal' && expression.type !== 'STRING' ? formatLiteral(expression) : String(value);
  throw new KsqlError(
    `'${text}' can not be converted to the type of the key column: ${quoteName(column.name)} ${formatType(column.type)} KEY`,
  );
}

const numericOrder = ['INTEGER', 'BIGINT', 'DECIMAL', 'DOUBLE'];
const widens = (from: SqlType, to: SqlType): boolean =>
  isNumeric(from) && isNumeric(to) && numericOrder.indexOf(from.base) < numericOrder.indexOf(to.base);
