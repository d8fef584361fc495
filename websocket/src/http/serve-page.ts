import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import sirv from 'sirv';

/** Nothing from another host, no inline script, no framing: what a topic holds is text and stays text. */
const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers GET and HEAD with the files of a folder. */
export function createPageHandler(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  if (!existsSync(path.join(folder, 'index.html'))) return answerNotBuilt;
  const serve = sirv(folder, {
    etag: true,
    // Built assets carry a hash in their names; everything else is asked for anew.
    setHeaders: (response, file) =>
      response.setHeader(
        'cache-control',
        file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  });
  return (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain' }).end('Only GET and HEAD.\n');
    else serve(request, response, () => answerNotFound(response));
  };
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n');
}

function answerNotBuilt(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(503, { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' })
    .end(
      'The page is not built yet: run "npm run build -w @shop/websocket-page" and start the websocket service again.\n',
    );
}
