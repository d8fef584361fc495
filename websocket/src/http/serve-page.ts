import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import serveStatic from 'serve-static';
import { answerText } from './answer.ts';
import { readUrl } from './read-url.ts';

const notBuilt = 'The page is not built yet: run "npm run build -w @shop/websocket-page" and load it again.';

/** Addresses of the page beside `/`: its tabs, a customer and an order. The page itself reads the path. */
const views = /^\/(play|learn|query|(customers|orders)\/[^/]+)$/;

/** Serves the current files of a folder: the page may be rebuilt while the service runs. */
export function createPageHandler(folder: string): RequestListener {
  const serve = serveStatic(folder, {
    dotfiles: 'ignore',
    redirect: false,
    cacheControl: false,
    setHeaders: (response, file) => response.setHeader('cache-control', cachingOf(path.relative(folder, file))),
  });
  return (request, response) => {
    if (views.test(readUrl(request)?.pathname ?? '')) request.url = '/';
    if (!existsSync(path.join(folder, 'index.html'))) answerText(response, 503, notBuilt);
    else serve(request, response, () => answerText(response, 404, 'There is no such page.'));
  };
}

/** Built assets carry a hash in their names; browsers request everything else again. */
const cachingOf = (file: string) => (file.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache');
