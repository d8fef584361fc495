import { readdirSync } from 'node:fs';
import path from 'node:path';

/** What a test file needs, by its name: `*.kafka.test.ts` a broker, and so on; a plain `*.test.ts` nothing. */
const kinds = ['unit', 'kafka', 'postgres', 'browser', 'fleet', 'cloud', 'clone', 'compose'] as const;
export type Kind = (typeof kinds)[number];

const skipped = new Set(['node_modules', '.git', '.shop', 'dist', 'target']);

/** Every test file below a folder, by kind, in the order of their paths. */
export function findTests(folder: string): Record<Kind, string[]> {
  const found: Record<Kind, string[]> = {
    unit: [],
    kafka: [],
    postgres: [],
    browser: [],
    fleet: [],
    cloud: [],
    clone: [],
    compose: [],
  };
  for (const file of listFiles(folder)) {
    if (file.endsWith('.test.ts')) found[kindOf(file)].push(file);
  }
  return found;
}

/** The kind of a test file, by its name. */
export function kindOf(file: string): Kind {
  const [, word] = /\.(\w+)\.test\.ts$/.exec(file) ?? [];
  return kinds.find((kind) => kind === word) ?? 'unit';
}

/** Every file below a folder, in the order of their paths. Installed packages and results of builds are left out. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (skipped.has(entry.name)) return [];
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? listFiles(file) : [file];
    });
}
