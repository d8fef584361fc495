import { runTool } from './run-command.ts';

/** The project's tools for its source text, by the name of their npm script. Each resolves with an exit code. */
export const tools = {
  lint: {
    description: 'Checks format and style with Biome. Changes nothing.',
    example: 'npm run lint -- audit/src',
    run: (paths: readonly string[]) => runTool('biome', ['check', ...orAll(paths)]),
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

const orAll = (paths: readonly string[]): readonly string[] => (paths.length > 0 ? paths : ['.']);
