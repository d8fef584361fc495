import type { RequestListener, ServerResponse } from 'node:http';
import { readUrl } from './read-url.ts';
import { securityHeaders } from './security-headers.ts';

/** What a search may be long. */
const longestSearch = 200;

export interface Answers {
  page: RequestListener;
  /** Finds the story that `/stories?search=…` asks for. */
  findStory(search: string): object;
}

/** Answers GET and HEAD: `/stories` with JSON, everything else with the page's files. */
export function createAnswer({ page, findStory }: Answers): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerText(response, 405, 'Only GET and HEAD.');
      return;
    }
    const url = readUrl(request);
    if (url?.pathname !== '/stories') {
      page(request, response);
      return;
    }
    const search = url.searchParams.get('search') ?? '';
    if (search.trim() === '' || search.length > longestSearch) {
      answerText(response, 400, 'Ask /stories?search= with a customer’s id or name, or an order’s id.');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(findStory(search))}\n`);
  };
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
