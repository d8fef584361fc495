import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findTests, type Kind, kindOf } from './find-tests.ts';
import { runTestRunner } from './run-test-runner.ts';
import { type Server, withServers } from './test-servers.ts';
import { tools } from './tools.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** A stage of `npm test`; gives an exit code. */
type Stage = () => Promise<number>;

/** Stages that run only when they are named: they need more than Node, Java and Maven. */
const onDemand = ['compose'];

/** The stages' names, in the order in which they run. */
export const stageNames = (): string[] => Object.keys(listStages());

/**
 * Runs the stages one after the other, all of them also when one fails, and ends with code 1 if one did.
 *
 * @param words stages by name, or test files; when there is none, all stages but those on demand
 */
export async function runTests(words: readonly string[]): Promise<void> {
  process.chdir(checkout);
  // So that the servers' own exit handlers run, and nothing is left behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  const stages = listStages();
  const files = words.filter((word) => !(word in stages));
  for (const file of files) requireTestFile(file, Object.keys(stages));
  if (files.length > 0) stages['files'] = () => runFiles(files);
  const failed: string[] = [];
  for (const [name, run] of Object.entries(stages)) {
    const isWanted = words.length === 0 ? !onDemand.includes(name) : words.includes(name) || name === 'files';
    if (!isWanted) continue;
    const began = Date.now();
    console.log(`── ${name}`);
    const code = await run();
    console.log(`── ${name}: ${code === 0 ? 'passed' : 'FAILED'} (${((Date.now() - began) / 1_000).toFixed(1)} s)`);
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  process.exit(failed.length > 0 ? 1 : 0);
}

function listStages(): Record<string, Stage> {
  const tests = findTests('.');
  return {
    lint: () => tools.lint.run([]),
    types: () => tools.types.run(),
    unit: () => runNodeTests(tests.unit, {}, 2),
    servers: () =>
      withServers(['kafka', 'postgres'], (env) => runNodeTests([...tests.postgres, ...tests.kafka], env, 1)),
    browser: () => withServers(['kafka', 'postgres'], (env) => runNodeTests(tests.browser, env, 1)),
    fleet: () => runNodeTests(tests.fleet, {}, 1, endAtOnce),
    cloud: () => runNodeTests(tests.cloud, {}, 1, endAtOnce),
    clone: () => runNodeTests(tests.clone, {}, 1),
    compose: () => runNodeTests(tests.compose, {}, 1, endAtOnce),
  };
}

/** The servers that a file of this kind needs beside it. */
const serversOf: Partial<Record<Kind, Server[]>> = {
  // Some of them need a database, too.
  kafka: ['kafka', 'postgres'],
  browser: ['kafka'],
  postgres: ['postgres'],
};

function requireTestFile(file: string, stages: readonly string[]): void {
  if (file.endsWith('.test.ts') && existsSync(file)) return;
  console.error(`There is no stage or test file ${file}. The stages are: ${stages.join(', ')}.`);
  process.exit(2);
}

function runFiles(files: readonly string[]): Promise<number> {
  const servers = new Set(files.flatMap((file) => serversOf[kindOf(file)] ?? []));
  return withServers([...servers], (env) => runNodeTests(files, env, 1, endAtOnce));
}

/** A Kafka client that a failed test did not close would keep looking for its broker, which has ended. */
const endAtOnce = ['--test-force-exit'];

function runNodeTests(
  files: readonly string[],
  env: Record<string, string>,
  concurrency: number,
  flags: readonly string[] = [],
): Promise<number> {
  if (files.length === 0) return Promise.resolve(0);
  const args = [
    // Without it, the list of failed tests names a position in the compiled code.
    '--enable-source-maps',
    '--import',
    'tsx',
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${concurrency}`,
    ...flags,
    ...files,
  ];
  return runTestRunner(args, env);
}
