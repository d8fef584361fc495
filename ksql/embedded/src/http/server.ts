import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type Logger, ShopError } from '@shop/common';
import { KsqlError, notSupported, withStatement } from '../errors.ts';
import type { ServerState } from '../statements/server-state.ts';
import { serverVersion } from '../version.ts';
import { checkAuthorization } from './auth.ts';
import { answerKsql } from './ksql-endpoint.ts';
import { acceptsJson, jsonType } from './media-type.ts';
import { checkAllowed } from './property-names.ts';
import { answerQuery, type OpenQueries } from './query-endpoint.ts';
import { checkFields, parseBody, readBody, textField } from './request.ts';
import { asKsqlError, sendEmpty, sendError, sendJson } from './respond.ts';

export interface HttpOptions {
  readonly port: number;
  readonly host: string;
  /** `name:password`, if clients must log in. */
  readonly user?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly serviceId: string;
  readonly logger: Logger;
}

export interface HttpServer {
  readonly port: number;
  /** Starts to serve requests; until then the answer is "not ready". */
  ready(state: ServerState, kafkaClusterId: string): void;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void> | void;

/** Time limit for receiving a request, ms. */
const requestTimeoutMs = 30_000;

export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const open: OpenQueries = new Map();
  let routes: Routes | undefined;
  const listener: RequestListener = (request, response) => {
    handle(options, routes, request, response).catch((err: unknown) => {
      options.logger.error({ err, path: request.url }, 'request failed');
      if (response.headersSent) response.destroy();
      else sendError(response, asKsqlError(err), jsonType);
    });
  };
  const settings = { requestTimeout: requestTimeoutMs, keepAliveTimeout: 75_000 };
  const server: Server =
    options.tls === undefined
      ? createHttpServer(settings, listener)
      : createHttpsServer({ ...settings, ...options.tls }, listener);
  await listen(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    ready(state, kafkaClusterId) {
      routes = createRoutes(state, open, options, kafkaClusterId);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const query of open.values()) query.abort();
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(patience);
    },
  };
}

function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new ShopError('listen', `cannot listen on --host ${host} --port ${port}: ${cause.message}`, { cause })),
    );
    server.listen(port, host, resolve);
  });
}

/** Handlers by path and method; a path that ends in a slash matches all paths below it. */
type Routes = ReadonlyMap<string, ReadonlyMap<string, Handler>>;

async function handle(
  { user }: HttpOptions,
  routes: Routes | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?', 1)[0] ?? '/';
  try {
    if (user !== undefined && path !== '/healthcheck') checkAuthorization(request.headers.authorization, user);
  } catch (error) {
    if (!(error instanceof KsqlError)) throw error;
    return sendError(response, error, null);
  }
  if (routes === undefined) {
    return sendError(
      response,
      new KsqlError('KSQL is not yet ready to serve requests.', { status: 503, code: 50302, statementText: null }),
      jsonType,
    );
  }
  const methods = routes.get(path) ?? routes.get(prefixOf(path, routes) ?? '');
  if (methods === undefined) {
    return sendNotFound(response);
  }
  const handler = methods.get(request.method ?? '');
  if (handler === undefined) return sendEmpty(response, 405, { allow: [...methods.keys()].join(', ') });
  return handler(request, response, path);
}

function sendNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<html><body><h1>Resource not found</h1></body></html>');
}

const prefixOf = (path: string, routes: Routes): string | undefined =>
  [...routes.keys()].find((route) => route.length > 1 && route.endsWith('/') && path.startsWith(route));

const get = (handler: Handler): ReadonlyMap<string, Handler> => new Map([['GET', handler]]);
const post = (handler: Handler): ReadonlyMap<string, Handler> => new Map([['POST', handler]]);

function createRoutes(
  state: ServerState,
  open: OpenQueries,
  { serviceId }: HttpOptions,
  kafkaClusterId: string,
): Routes {
  const asJson =
    (body: () => unknown): Handler =>
    (request, response) =>
      acceptsJson(request.headers.accept) ? sendJson(response, 200, body()) : sendEmpty(response, 406);
  // Run requests one at a time, so that a statement sees all earlier ones.
  let statements: Promise<unknown> = Promise.resolve();
  return new Map<string, ReadonlyMap<string, Handler>>([
    ['/', get((_, response) => sendEmpty(response, 307, { location: '/info' }))],
    [
      '/info',
      get(
        asJson(() => ({
          KsqlServerInfo: { version: serverVersion, kafkaClusterId, ksqlServiceId: serviceId, serverStatus: 'RUNNING' },
        })),
      ),
    ],
    ['/healthcheck', get(asJson(() => health(state)))],
    ['/status', get(asJson(() => allStatuses(state)))],
    ['/v1/metadata', get(asJson(() => ({ version: serverVersion, clusterId: clusterId(kafkaClusterId, serviceId) })))],
    ['/v1/metadata/id', get(asJson(() => clusterId(kafkaClusterId, serviceId)))],
    ['/chc/live', get(asJson(() => ({})))],
    ['/chc/ready', get(asJson(() => ({})))],
    ...unsupportedPaths.map((path) => [path, post((_, response) => refuse(response, path))] as const),
    ['/clusterStatus', get((_, response) => sendEmpty(response, 404, { 'content-type': jsonType }))],
    ['/is_valid_property/', get((request, response, path) => sendValidity(request, response, path))],
    ['/status/', get((_, response, path) => sendStatus(state, response, path))],
    ['/query', post((request, response) => answerQuery('/query', state, open, request, response))],
    ['/query-stream', post((request, response) => answerQuery('/query-stream', state, open, request, response))],
    ['/close-query', post((request, response) => closeQuery(open, request, response))],
    [
      '/ksql',
      post(async (request, response) => {
        if (!acceptsJson(request.headers.accept)) return sendEmpty(response, 406);
        let contentType: string | null = null;
        try {
          const body = parseBody(await readBody(request));
          checkFields(body);
          contentType = jsonType;
          const answer = statements.then(() => answerKsql(state, body));
          statements = answer.catch(() => undefined);
          sendJson(response, 200, await answer);
        } catch (error) {
          sendError(response, asKsqlError(error), contentType);
        }
      }),
    ],
  ]);
}

/** Paths that only ksqlDB's servers and Java clients use. */
const unsupportedPaths = ['/inserts-stream', '/lag', '/heartbeat', '/terminate', '/test'];

const refuse = (response: ServerResponse, path: string): void =>
  sendError(response, withStatement(notSupported(path), null), jsonType);

const clusterId = (kafkaClusterId: string, serviceId: string): unknown => ({
  scope: { path: [], clusters: { 'kafka-cluster': kafkaClusterId, 'ksql-cluster': serviceId } },
  id: '',
});

const allStatuses = ({ statuses }: ServerState): unknown => ({
  commandStatuses: Object.fromEntries([...statuses].map(([id, { status }]) => [id, status])),
});

function sendValidity(request: IncomingMessage, response: ServerResponse, path: string): void {
  try {
    if (!acceptsJson(request.headers.accept)) {
      sendEmpty(response, 406);
      return;
    }
    checkAllowed({ [decodeURIComponent(path.slice('/is_valid_property/'.length))]: '' });
    sendJson(response, 200, true);
  } catch (error) {
    sendError(response, asKsqlError(error), jsonType);
  }
}

function health({ catalogue }: ServerState): unknown {
  const healthy = ![...catalogue.queries.values()].some(({ running }) => running.state === 'ERROR');
  return {
    isHealthy: healthy,
    details: { metastore: { isHealthy: healthy }, kafka: { isHealthy: true }, commandRunner: { isHealthy: true } },
    serverState: 'READY',
  };
}

function sendStatus({ statuses }: ServerState, response: ServerResponse, path: string): void {
  const id = decodeURIComponent(path.slice('/status/'.length));
  const status = statuses.get(id);
  if (id.split('/').length !== 3) sendNotFound(response);
  else if (status !== undefined) sendJson(response, 200, status);
  else
    sendError(
      response,
      new KsqlError('Command not found', { status: 404, code: 40400, statementText: null }),
      jsonType,
    );
}

async function closeQuery(open: OpenQueries, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const id = textField(parseBody(await readBody(request)), 'queryId');
    const query = open.get(id ?? '');
    if (query === undefined) throw new KsqlError(`No query with id ${id}`, { code: 40000, statementText: null });
    query.abort();
    sendEmpty(response, 200);
  } catch (error) {
    sendError(response, asKsqlError(error), null);
  }
}
