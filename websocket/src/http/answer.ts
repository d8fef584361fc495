import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Refusal } from './page-origin.ts';
import type { PostDoor } from './post-door.ts';
import { readUrl } from './read-url.ts';
import { securityHeaders } from './security-headers.ts';

/** Maximum length of a search text. */
const longestSearch = 200;

const notUpgraded =
  'This path takes WebSocket connections only. A proxy in between must pass on the headers Upgrade and Connection.';

export interface Answers {
  page: RequestListener;
  /** Paths that take WebSocket connections only. */
  socketPaths: readonly string[];
  /** Finds the story that `/stories?search=…` asks for. */
  findStory(search: string): object;
  /** Why a WebSocket connection with these headers would be refused. */
  refusal(request: IncomingMessage): Refusal | undefined;
  /** Why this request may not read stories. */
  readerRefusal(request: IncomingMessage): Refusal | undefined;
  /** Paths that take POST requests. */
  doors: Readonly<Record<string, PostDoor>>;
  /** Called with an error that no request should cause; the request is answered with 500. */
  onError(error: unknown, request: IncomingMessage): void;
}

/**
 * Answers GET and HEAD: `/stories` with JSON, everything else with the page's files. A door answers POST requests to its path.
 * `POST /connection-check` answers whether a WebSocket connection from the same page is accepted: browsers show a script no
 * status of a failed handshake, and they send Origin with POST as they do with a handshake.
 */
export function createAnswer({
  page,
  socketPaths,
  findStory,
  refusal,
  readerRefusal,
  doors,
  onError,
}: Answers): RequestListener {
  function answerStory(request: IncomingMessage, response: ServerResponse, search: string): void {
    const refused = readerRefusal(request);
    if (refused) answerText(response, refused.status, refused.reason);
    else if (search.trim() === '' || search.length > longestSearch)
      answerText(response, 400, 'Ask /stories?search= with a customer’s id or name, or an order’s id.');
    else answerJson(response, findStory(search));
  }

  function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    onError(error, request);
    if (response.headersSent) response.destroy();
    else answerText(response, 500, 'This request cannot be answered; the log says why.');
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const url = readUrl(request);
    const door = request.method === 'POST' && url ? doors[url.pathname] : undefined;
    if (request.method === 'POST' && url?.pathname === '/connection-check')
      answerJson(response, { refused: refusal(request) ?? null });
    else if (door) door(request, response).catch((error) => fail(error, request, response));
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerText(response, 405, 'Only GET and HEAD.');
    } else if (url?.pathname === '/stories') answerStory(request, response, url.searchParams.get('search') ?? '');
    else if (url && socketPaths.includes(url.pathname)) {
      response.setHeader('upgrade', 'websocket');
      answerText(response, 426, notUpgraded);
    } else page(request, response);
  }

  return (request, response) => {
    try {
      answer(request, response);
    } catch (error) {
      fail(error, request, response);
    }
  };
}

export function answerJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
