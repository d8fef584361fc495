// Runs every npm script of this project: node local/launch.mjs FILE [WORDS]. Installs the npm packages that are missing, then
// runs FILE, TypeScript or JavaScript, as if it had been started with these words. A workspace's src/main.ts runs compiled.
import module from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { prepare } from './install.mjs';

const [file, ...words] = process.argv.slice(2);
if (!file) {
  console.error('usage: node local/launch.mjs FILE [WORDS]');
  process.exit(64);
}
await prepare();
const main = path.resolve(file);
process.argv = [process.execPath, main, ...words];
const { compile } = await import('./compile.mjs');
const compiled = await compile(main);
if (compiled === undefined) {
  const { register } = await import('tsx/esm/api');
  register();
} else {
  process.setSourceMapsEnabled(true);
  // Node 22 and later keep what they have compiled; the services find it through the environment.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../.shop/cache/v8', import.meta.url));
  module.enableCompileCache?.();
}
await import(pathToFileURL(compiled ?? main).href);
