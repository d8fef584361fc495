// Serves the page with hot reloading, on top of a running websocket service: `npm run dev -w @shop/websocket-page`.
import { parseArgs } from 'node:util';
import { viteRoot } from './vite-root.mjs';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    port: { type: 'string', default: '5173' },
    service: { type: 'string', default: 'http://127.0.0.1:8080' },
  },
});
if (values.help) {
  console.log(`Usage: npm run dev -w @shop/websocket-page -- [options]

Serves the page with hot reloading, on top of a running websocket service.

Options:
  --port <n>       where to serve it (default: 5173)
  --service <url>  the websocket service (default: http://127.0.0.1:8080)
  -h, --help       show this text

Example:
  npm run dev -w @shop/websocket-page -- --service http://127.0.0.1:8180`);
  process.exit(0);
}

const { createServer } = await import('vite');
const server = await createServer({
  ...viteRoot(),
  server: {
    port: Number(values.port),
    proxy: {
      '/page': { target: values.service, ws: true },
      '/stories': values.service,
      '/commands': values.service,
      // GET /query is a tab of the page.
      '/query': { target: values.service, bypass: ({ method, url }) => (method === 'POST' ? undefined : url) },
      '/connection-check': values.service,
    },
  },
});
await server.listen();
server.printUrls();
