// Builds the program of this package, dist/ksqldb-embedded.js. `npm pack` runs it. The program contains the code of
// @shop/common, which no registry has; all other packages are dependencies.
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { metafile } = await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: ['src/main.ts'],
  outfile: 'dist/ksqldb-embedded.js',
  banner: { js: '#!/usr/bin/env node' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  alias: { '@shop/common': fileURLToPath(import.meta.resolve('@shop/common')) },
  metafile: true,
  logLevel: 'error',
});

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
const undeclared = imported.filter(
  (name) => !(name in dependencies) && !builtinModules.includes(name.replace('node:', '')),
);
const unused = Object.keys(dependencies).filter((name) => !imported.includes(name));
if (undeclared.length + unused.length > 0)
  throw new Error(`package.json: dependencies must have [${undeclared}], and must not have [${unused}]`);
