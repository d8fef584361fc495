// Compiles the fleet's programs to JavaScript, because Node 20 reads no TypeScript and compiling in each process would cost
// each of them 40 MB and a helper process. Plain JavaScript, because it runs first.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const readPackage = (folder) => JSON.parse(readFileSync(path.join(checkout, folder, 'package.json'), 'utf8'));

/** Where the program of a workspace lies when it is compiled: in the folder of the workspace, to find the same packages. */
const compiledName = path.join('dist', 'main.js');

/**
 * Compiles `src/main.ts` of every workspace to `dist/main.js`, with source maps and without the npm packages. Files that
 * would not change are left, so that fleets may run beside each other.
 *
 * @param {string} main a TypeScript file
 * @returns {Promise<string | undefined>} its compiled file, if it is a workspace's `src/main.ts`
 */
export async function compile(main) {
  const { workspaces } = readPackage('.');
  const folders = workspaces.filter((folder) => existsSync(path.join(checkout, folder, 'src', 'main.ts')));
  const wanted = folders.find((folder) => path.join(checkout, folder, 'src', 'main.ts') === main);
  if (wanted === undefined) return undefined;
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: checkout,
    entryPoints: folders.map((folder) => ({
      in: path.join(folder, 'src', 'main.ts'),
      out: path.join(folder, 'dist', 'main'),
    })),
    outdir: checkout,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    packages: 'external',
    plugins: [ownPackages(workspaces), ownPlaces],
    write: false,
    logLevel: 'error',
  });
  await stop();
  for (const file of outputFiles) writeChanged(file);
  return path.join(checkout, wanted, compiledName);
}

/** Takes in the workspaces' own packages, which are TypeScript too. */
function ownPackages(workspaces) {
  const entries = new Map();
  for (const folder of workspaces) {
    const { name, exports: exported } = readPackage(folder);
    if (exported?.['.']) entries.set(name, path.join(checkout, folder, exported['.']));
  }
  return {
    name: 'own-packages',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^@shop\// }, ({ path: name }) =>
        entries.has(name) ? { path: entries.get(name) } : undefined,
      ),
  };
}

/** Lets each module find the files beside its source, as before compiling. */
const ownPlaces = {
  name: 'own-places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      loader: 'ts',
      contents: readFileSync(file, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)),
    })),
};

/** Replaces a file by renaming: a service that restarts may be reading it. */
function writeChanged({ path: file, contents }) {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, file);
}
