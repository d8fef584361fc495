import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import sirv from 'sirv';
import { answerText } from './answer.ts';

/** Serves the files of a folder. */
export function createPageHandler(folder: string): RequestListener {
  if (!existsSync(path.join(folder, 'index.html')))
    return (_request, response) =>
      answerText(
        response,
        503,
        'The page is not built: run "npm run build -w @shop/websocket-page", then start this service again.',
      );
  const serve = sirv(folder, {
    etag: true,
    // Built assets carry a hash in their names; everything else is asked for anew.
    setHeaders: (response, file) =>
      response.setHeader(
        'cache-control',
        file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  });
  return (request, response) => serve(request, response, () => answerText(response, 404, 'There is no such page.'));
}
