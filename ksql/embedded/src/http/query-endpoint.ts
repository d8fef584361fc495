import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { internalError, KsqlError, notSupported, withStatement } from '../errors.ts';
import type { ParsedStatement, Query } from '../parser/ast.ts';
import { parseStatements } from '../parser/parse.ts';
import type { QueryAnswer } from '../queries/answer.ts';
import { answerPrepared, answerSelect } from '../queries/select.ts';
import type { ServerState, StreamsProperties } from '../statements/server-state.ts';
import { offsetReset } from '../statements/starts.ts';
import type { ValueObject } from '../types/value.ts';
import { type AnswerFormat, jsonType, namesDelimited, queryFormat } from './media-type.ts';
import { checkPropertyNames, checkPropertyValues, isFixed } from './property-names.ts';
import { checkFields, parseBody, propertiesField, readBody, textField, withVariables } from './request.ts';
import { asKsqlError, sendEmpty, sendError } from './respond.ts';
import { rowWriter } from './row-writer.ts';

type Path = '/query' | '/query-stream';

/** The running queries by id, for /close-query and shutdown. */
export type OpenQueries = Map<string, AbortController>;

/** POST /query and /query-stream: answers one SELECT in the format that the client accepts. */
export async function answerQuery(
  path: Path,
  state: ServerState,
  open: OpenQueries,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { accept } = request.headers;
  const format = queryFormat(path, accept);
  if (format === null) return sendEmpty(response, 406);
  let errorType: string | null = null;
  try {
    const body = parseBody(await readBody(request));
    if (path === '/query') checkFields(body);
    // Until the analysis, /query answers errors as JSON, unless the client asked for the delimited format.
    if (path === '/query' && !namesDelimited(accept)) errorType = jsonType;
    const { sql, properties } = readRequest(path, body);
    const known = answerPrepared(state, sql);
    if (known !== undefined) return await writeAnswer(response, format, known, undefined);
    const query = prepareQuery(path, sql, state);
    errorType = null;
    const leaving = new AbortController();
    if (response.destroyed) leaving.abort();
    response.on('close', () => response.writableFinished || leaving.abort());
    const answer = await answered(sql, () => answerSelect(state, { query, sql }, properties, leaving.signal));
    open.set(answer.queryId, leaving);
    try {
      await writeAnswer(response, format, answer, query.limit);
    } finally {
      open.delete(answer.queryId);
    }
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    sendError(response, asKsqlError(error), errorType);
  }
}

function readRequest(path: Path, body: ValueObject): { sql: string; properties: StreamsProperties } {
  const generic = (message: string): KsqlError => new KsqlError(message, { code: 40000, statementText: null });
  if (path === '/query-stream') {
    if (body['sql'] === null)
      throw new KsqlError('Failed to deserialize buffer', { status: 500, code: 50000, statementText: null });
    const sql = withVariables(textField(body, 'sql'), body);
    if (sql === undefined) throw generic("Invalid JSON in request: Missing required creator property 'sql' (index 0)");
    const properties = propertiesField(body, 'properties');
    if (isFixed(properties)) throw internalError(undefined);
    return { sql, properties };
  }
  const sql = withVariables(textField(body, 'ksql'), body) ?? '';
  if (sql === '') throw generic('"ksql" field must be populated');
  const properties = propertiesField(body, 'streamsProperties');
  checkPropertyNames(properties);
  checkPropertyValues(properties);
  offsetReset(properties);
  return { sql, properties };
}

function prepareQuery(path: Path, sql: string, state: ServerState): Query {
  const statement = onlyStatement(path, sql).statement;
  if (statement.kind === 'print') throw withStatement(notSupported('PRINT'), sql);
  if (statement.kind !== 'select') {
    if (path === '/query-stream')
      throw new KsqlError(`Neither a query nor a print statement\nStatement: ${sql}`, { statementText: sql });
    throw new KsqlError(
      "Statement type `io.confluent.ksql.parser.KsqlParser$PreparedStatement' not supported for this resource",
      { code: 40000, statementText: null },
    );
  }
  const { query } = statement;
  for (const { name } of [query.from, ...query.joins.map(({ source }) => source)]) {
    if (state.catalogue.find(name) === undefined)
      throw new KsqlError(`Exception while preparing statement: ${name} does not exist.`, { statementText: sql });
  }
  return query;
}

function onlyStatement(path: Path, sql: string): ParsedStatement {
  let statements: ParsedStatement[];
  try {
    statements = parseStatements(sql);
  } catch (error) {
    if (!(error instanceof KsqlError)) throw error;
    const [, at] = /^line (\d+:\d+): Syntax Error/.exec(error.message) ?? [];
    const cause = path === '/query' && at !== undefined ? `\nCaused by: line ${at}: Syntax error at line ${at}` : '';
    throw new KsqlError(`${error.message}\nStatement: ${sql}${cause}`, { statementText: sql, cause: error });
  }
  const [only] = statements;
  if (only === undefined || statements.length > 1) {
    const suffix = path === '/query-stream' ? `\nStatement: ${sql}` : '';
    throw new KsqlError(`Expected exactly one KSQL statement; found ${statements.length} instead${suffix}`, {
      statementText: sql,
    });
  }
  return only;
}

async function answered(sql: string, run: () => Promise<QueryAnswer>): Promise<QueryAnswer> {
  try {
    return await run();
  } catch (error) {
    const inWhere = error instanceof KsqlError && /^(Error|Type error) in WHERE/.test(error.message);
    throw inWhere
      ? new KsqlError(`${error.message}\nStatement: ${sql}`, { statementText: sql, cause: error })
      : withStatement(error, sql);
  }
}

/** Writes the rows of a table's pull query at once. Other queries wait for a slow client. */
async function writeAnswer(
  response: ServerResponse,
  format: AnswerFormat,
  answer: QueryAnswer,
  limit: number | undefined,
): Promise<void> {
  const writer = rowWriter(format, answer.columns);
  let count = 0;
  if (Symbol.iterator in answer.rows) {
    let text = writer.head(answer);
    for (const row of answer.rows) text += writer.row(row);
    text += writer.tail();
    response.writeHead(200, { 'content-type': writer.contentType, 'content-length': Buffer.byteLength(text) });
    response.end(text);
    return;
  }
  response.writeHead(200, { 'content-type': writer.contentType });
  response.write(writer.head(answer));
  for await (const rows of answer.rows) {
    count += rows.length;
    if (
      !response.write(
        rows.map(({ columns, tombstone }) => (tombstone ? writer.tombstone(columns) : writer.row(columns))).join(''),
      ) &&
      !response.destroyed
    )
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  const limitReached = answer.saysLimit && limit !== undefined && count >= limit;
  response.end(writer.tail(limitReached ? 'Limit Reached' : answer.saysCompleted ? 'Query Completed' : undefined));
}
