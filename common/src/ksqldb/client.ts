import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import type { KsqldbSettings } from '../settings/ksqldb-settings.ts';
import { answerError, KsqldbError, requestError } from './ksqldb-error.ts';
import { requireKsqldb } from './lost-ksqldb.ts';
import { createRequestLimit, type LimitRequest } from './request-limit.ts';
import { cutOff, type QueryRows, readHeader, readRow, readRows } from './rows.ts';

interface PullAnswer {
  columnNames: string[];
  /** One array a row, in the order of `columnNames`. */
  rows: unknown[][];
}

/** An element of the answer to a statement, as ksqlDB's REST API describes it. */
export interface StatementAnswer {
  '@type': string;
  commandId?: string;
  commandStatus?: { status: string; message: string };
  [field: string]: unknown;
}

export interface KsqldbClient {
  /**
   * Asks a table for rows (`SELECT …;` without EMIT CHANGES).
   *
   * @throws KsqldbError; `canRetry` says whether the server may answer later
   */
  pull(sql: string): Promise<PullAnswer>;
  /** Runs a pull or push query, and reads its rows one by one. `timeoutMs` limits the time until the first one. @throws KsqldbError */
  query(sql: string): Promise<QueryRows>;
  /** Sends statements to /ksql. @throws KsqldbError */
  execute(ksql: string, streamsProperties?: Record<string, string>): Promise<StatementAnswer[]>;
  /** The status of a statement that was answered with EXECUTING: SUCCESS, ERROR, EXECUTING, QUEUED. @throws KsqldbError */
  commandStatus(commandId: string): Promise<{ status: string; message: string }>;
  /** The server's `ksql.service.id`, which its consumer groups are named after. @throws KsqldbError */
  serviceId(): Promise<string>;
  close(): void;
}

const v1 = 'application/vnd.ksql.v1+json';

/**
 * A client of ksqlDB's REST API (https://docs.ksqldb.io, "REST API"). Connections are kept and shared. The client does
 * not retry, because only the caller knows how long waiting makes sense.
 *
 * @param timeoutMs limit of one request, connection included; it grows while the server is slow
 */
export function createKsqldbClient(settings: KsqldbSettings, { timeoutMs }: { timeoutMs: number }): KsqldbClient {
  const agents = createAgents(settings);
  const limit = createRequestLimit(timeoutMs);
  const server = axios.create({
    baseURL: settings.endpoint,
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transformResponse: (text: string) => text,
    validateStatus: () => true,
    ...agents,
    ...(settings.auth && { auth: settings.auth }),
  });
  return {
    async pull(sql) {
      const body = await ask(
        server,
        settings,
        {
          method: 'post',
          url: '/query-stream',
          // One JSON array: an answer that was cut off does not parse, and so is never mistaken for fewer rows.
          headers: { accept: 'application/json', 'content-type': 'application/json' },
          data: JSON.stringify({ sql, properties: {} }),
        },
        limit,
      );
      return readPullAnswer(body);
    },
    async query(sql) {
      const { status, data } = await send<Readable>(settings, limit, (signal) =>
        server.request({
          method: 'post',
          url: '/query-stream',
          headers: { accept: 'application/vnd.ksqlapi.delimited.v1', 'content-type': 'application/json' },
          data: JSON.stringify({ sql, properties: {} }),
          responseType: 'stream',
          signal,
        }),
      );
      if (status !== 200) throw answerError(status, await text(data), settings);
      return readRows(data);
    },
    async execute(ksql, streamsProperties = {}) {
      const headers = { accept: v1, 'content-type': v1 };
      const body = await ask(
        server,
        settings,
        { method: 'post', url: '/ksql', headers, data: JSON.stringify({ ksql, streamsProperties }) },
        limit,
      );
      if (!Array.isArray(body)) throw new KsqldbError('ksqldb_answer', 'the answer is not a list', { canRetry: true });
      return body as StatementAnswer[];
    },
    async commandStatus(commandId) {
      const url = `/status/${commandId.split('/').map(encodeURIComponent).join('/')}`;
      return (await ask(server, settings, { method: 'get', url, headers: { accept: v1 } }, limit)) as {
        status: string;
        message: string;
      };
    },
    async serviceId() {
      const body = await ask(server, settings, { method: 'get', url: '/info', headers: { accept: v1 } }, limit);
      const id = (body as { KsqlServerInfo?: { ksqlServiceId?: unknown } } | null)?.KsqlServerInfo?.ksqlServiceId;
      if (typeof id !== 'string')
        throw new KsqldbError('ksqldb_answer', '/info names no service id', { canRetry: true });
      return id;
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function createAgents({ ca }: KsqldbSettings) {
  const kept = { keepAlive: true, maxSockets: 32 };
  return { httpAgent: new http.Agent(kept), httpsAgent: new https.Agent({ ...kept, ...(ca !== undefined && { ca }) }) };
}

interface Request {
  method: 'get' | 'post';
  url: string;
  headers: Record<string, string>;
  data?: string;
}

async function ask(
  server: AxiosInstance,
  settings: KsqldbSettings,
  request: Request,
  limit: LimitRequest,
): Promise<unknown> {
  // The signal also ends a stream that stalls after its head, which axios' own time-out does not watch.
  const response = await send<string>(settings, limit, (signal) => server.request({ ...request, signal }));
  if (response.status !== 200) throw answerError(response.status, response.data, settings);
  try {
    return JSON.parse(response.data);
  } catch (cause) {
    throw cutOff(cause);
  }
}

async function send<Body>(
  settings: KsqldbSettings,
  limit: LimitRequest,
  request: (signal: AbortSignal) => Promise<AxiosResponse<Body>>,
): Promise<AxiosResponse<Body>> {
  requireKsqldb();
  try {
    return await limit(request);
  } catch (error) {
    throw requestError(error, settings);
  }
}

function readPullAnswer(body: unknown): PullAnswer {
  const [header, ...rows] = Array.isArray(body) ? body : [];
  return { columnNames: readHeader(header), rows: rows.map(readRow) };
}
