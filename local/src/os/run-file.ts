import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Ending, endProcess } from './end-process.ts';
import { identify, isRunning, type ProcessIdentity } from './identity.ts';

const identity = z.object({ pid: z.int().positive(), began: z.string() });
const runFile = z.object({
  name: z.string(),
  process: identity,
  /** The `npm start` that runs it. */
  owner: identity,
  ending: z.object({ signal: z.string().startsWith('SIG'), graceMs: z.number() }),
});

type RunFile = z.infer<typeof runFile>;

/** Records the processes of each `npm start` on a data folder, so that the next start can end those of a killed one. */
export interface RunFiles {
  note(name: string, process: ProcessIdentity, ending: Ending): void;
  forget(name: string): void;
  /** Lists the processes of another running `npm start` on this data folder. */
  runningElsewhere(): { name: string; ownerPid: number }[];
  /** Ends the processes whose `npm start` no longer runs, and returns their names. */
  endLeftovers(): Promise<string[]>;
}

export function openRunFiles(folder: string): RunFiles {
  mkdirSync(folder, { recursive: true });
  const owner = identify(process.pid);
  if (!owner) throw new Error('cannot find this process in the process table');
  const fileOf = (name: string) => path.join(folder, `${name}.json`);

  function readAll(): RunFile[] {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readRunFile(path.join(folder, name)) ?? []);
  }

  return {
    note(name, { pid, began }, { signal, graceMs }) {
      const content: RunFile = { name, process: { pid, began }, owner, ending: { signal, graceMs } };
      writeFileSync(fileOf(name), JSON.stringify(content));
    },
    forget: (name) => rmSync(fileOf(name), { force: true }),
    runningElsewhere: () =>
      readAll()
        .filter((file) => file.owner.pid !== process.pid && isRunning(file.owner))
        .map((file) => ({ name: file.name, ownerPid: file.owner.pid })),
    async endLeftovers() {
      const left = readAll().filter((file) => !isRunning(file.owner));
      const alive = left.filter((file) => isRunning(file.process));
      await Promise.all(alive.map((file) => endProcess(file.process, asEnding(file))));
      for (const file of left) rmSync(fileOf(file.name), { force: true });
      return alive.map((file) => file.name);
    },
  };
}

/** Reads a run file; `undefined` if a crash truncated it. */
function readRunFile(file: string): RunFile | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    rmSync(file, { force: true });
    return undefined;
  }
}

function asEnding({ ending }: RunFile): Ending {
  return { signal: ending.signal as NodeJS.Signals, graceMs: Math.min(ending.graceMs, 10_000) };
}
