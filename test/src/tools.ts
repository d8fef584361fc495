import { runTool } from './run-command.ts';

/** The project's tools for its source text, by the name of their npm script. Each resolves with an exit code. */
export const tools = {
  lint: {
    description:
      'Checks format and style with Biome, spelling with cspell, and unused code with knip. Changes nothing.',
    example: 'npm run lint -- audit/src',
    run: async (paths: readonly string[]) =>
      (await runTool('biome', ['ci', ...orAll(paths)])) ||
      (await runTool('cspell', ['lint', ...quiet, ...orAll(paths)])) ||
      // What is unused shows only in the whole project.
      (paths.length > 0 ? 0 : await runTool('knip', ['--no-progress'])),
  },
  format: {
    description: 'Formats the files and applies safe fixes with Biome.',
    example: 'npm run format -- audit/src',
    run: (paths: readonly string[]) => runTool('biome', ['check', '--write', ...orAll(paths)]),
  },
  types: {
    description: 'Checks the types of everything, the page included. Takes no paths.',
    example: 'npm run types',
    run: async () => (await runTool('tsc', [])) || (await runTool('tsc', ['-p', 'websocket/page'])),
  },
};

/** cspell prints only what is wrong. A path without prose is no error. */
const quiet = ['--no-progress', '--no-summary', '--no-must-find-files'];

const orAll = (paths: readonly string[]): readonly string[] => (paths.length > 0 ? paths : ['.']);
