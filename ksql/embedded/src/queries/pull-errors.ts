import { KsqlError } from '../errors.ts';

const more = ' See https://cnfl.io/queries for more info.\nAdd EMIT CHANGES if you intended to issue a push query.';

const keyHelp =
  '\nPull queries require a WHERE clause that:\n' +
  ' - includes a key equality expression, e.g. `SELECT * FROM X WHERE <key-column> = Y;`.\n' +
  ' - in the case of a multi-column key, is a conjunction of equality expressions that cover all key columns.\n' +
  ' - to support range expressions, e.g.,  SELECT * FROM X WHERE <key-column> < Y;`, range scans need to be enabled by setting ksql.query.pull.range.scan.enabled=true\n' +
  'If more flexible queries are needed, , table scans can be enabled by setting ksql.query.pull.table.scan.enabled=true.';

/** The error for a clause that a pull query cannot have. */
export const unsupportedClause = (what: string): KsqlError =>
  new KsqlError(`Pull queries don't support ${what}.${more}`);

/** The error for a WHERE clause without a look-up by key. */
export const invalidWhere = (why: string): KsqlError => new KsqlError(`${why}. ${more}${keyHelp}`);

export const unsupportedColumns = (names: readonly string[], clause: string): KsqlError =>
  new KsqlError(
    `Pull queries don't support the following columns in ${clause} clauses: ${names.map((name) => `\`${name}\``).join(', ')}\n${more}`,
  );

export const notQueryable = (name: string): KsqlError =>
  new KsqlError(
    `The \`${name}\` table isn't queryable. To derive a queryable table, you can do 'CREATE TABLE QUERYABLE_${name} AS SELECT * FROM ${name}'. See https://cnfl.io/queries for more info.\nAdd EMIT CHANGES if you intended to issue a push query.`,
  );
