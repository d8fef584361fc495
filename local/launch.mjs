// Runs every npm script of this project: node local/launch.mjs FILE [WORDS]. Installs the npm packages that are missing, then
// runs FILE, TypeScript or JavaScript, as if it had been started with these words.
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { prepare } from './install.mjs';

const [file, ...words] = process.argv.slice(2);
if (!file) {
  console.error('usage: node local/launch.mjs FILE [WORDS]');
  process.exit(64);
}
await prepare();
const main = path.resolve(file);
process.argv = [process.execPath, main, ...words];
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(main).href);
