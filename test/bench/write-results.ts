import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { BenchResults } from './run-figures.ts';

/** Lines of a document between which `--markdown` writes. */
const begin = '<!-- results of npm run bench: begin -->';
const end = '<!-- results of npm run bench: end -->';

export interface Machine {
  processor: string;
  cores: number;
  memoryMb: number;
  system: string;
  node: string;
  /** When the benchmark began, ISO 8601. */
  date: string;
}

export const readMachine = (): Machine => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryMb: Math.round(totalmem() / 1_024 / 1_024),
  system: `${type()} ${release()}`,
  node: process.version,
  date: new Date().toISOString(),
});

export const describeMachine = ({ processor, cores, memoryMb, system, node, date }: Machine): string =>
  `${date.slice(0, 10)}, ${cores} × ${processor}, ${Math.round(memoryMb / 1_024)} GB, ${system}, Node ${node}`;

/** Writes the machine and all results as JSON. */
export function writeJson(file: string, machine: Machine, rounds: number, results: BenchResults): void {
  writeFileSync(file, `${JSON.stringify({ machine, rounds, ...results }, undefined, 2)}\n`);
}

/** Replaces the text between the two marked lines of a document. @throws when it lacks them */
export function writeBetweenMarks(file: string, text: string): void {
  const [before, after] = splitDocument(file);
  writeFileSync(file, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

/** @throws unless the document has both marked lines */
export function splitDocument(file: string): [before: string, after: string] {
  const document = readFileSync(file, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no lines ${begin} and ${end}, between which the table goes`);
  return [document.slice(0, from), document.slice(to + end.length)];
}
