// Builds the page into dist/, unless it is up to date: `npm run build -w @shop/websocket-page`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { viteRoot } from './vite-root.mjs';

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) {
  console.log(`Usage: npm run build -w @shop/websocket-page

Builds the page into websocket/page/dist, unless it is up to date.

Options:
  -h, --help  show this text

Example:
  npm run build -w @shop/websocket-page`);
  process.exit(0);
}

const folder = path.dirname(fileURLToPath(import.meta.url));
const stamp = path.join(folder, 'dist', '.built-from');
const sources = ['index.html', 'package.json', 'vite.config.mjs', 'build.mjs', 'src', 'public'];
const libraries = ['vite', 'preact', '@preact/signals', 'uplot', '@fontsource-variable/inter'];

/** What the page is made of: every source file, and the libraries' releases. */
function hashSources() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(listFiles).sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(folder, file)))
      .update('\0');
  for (const library of libraries) hash.update(`${library} ${releaseOf(library)}\0`);
  return hash.digest('hex');
}

function listFiles(name) {
  const found = path.join(folder, name);
  if (!existsSync(found)) return [];
  const entries = readdirSync(path.dirname(found), { withFileTypes: true });
  const isFolder = entries.some((entry) => entry.name === path.basename(name) && entry.isDirectory());
  return isFolder ? readdirSync(found).flatMap((each) => listFiles(path.join(name, each))) : [name];
}

/** Some packages do not export their package.json, so it is looked for where Node would. */
function releaseOf(library) {
  const homes = createRequire(import.meta.url).resolve.paths(library) ?? [];
  const file = homes.map((home) => path.join(home, library, 'package.json')).find(existsSync);
  if (!file) throw new Error(`${library} is not installed: run "npm ci" first`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

const hash = hashSources();
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
  console.log('the page is up to date');
} else {
  const { build } = await import('vite');
  await build({ ...viteRoot(), logLevel: 'warn' });
  writeFileSync(stamp, hash);
  console.log('the page is built');
}
