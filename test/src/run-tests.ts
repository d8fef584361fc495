import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTests } from './find-tests.ts';
import { runCommand } from './run-command.ts';
import { startTestServers } from './test-servers.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string) => path.join(checkout, 'node_modules', '.bin', name);

/** A stage of `npm test`; gives an exit code. */
type Stage = () => Promise<number>;

/** Stages that run only when they are named: they need more than Node, Java and Maven. */
const onDemand = ['compose'];

/**
 * Runs the stages one after the other, all of them also when one fails, and ends with code 1 if one did.
 *
 * @param words stages by name; when there is none, all but those on demand
 */
export async function runTests(words: readonly string[]): Promise<void> {
  process.chdir(checkout);
  // So that the servers' own exit handlers run, and nothing is left behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  const stages = listStages();
  const unknown = words.filter((word) => !(word in stages));
  if (unknown.length > 0) {
    console.error(`There is no stage ${unknown.join(', ')}. There are: ${Object.keys(stages).join(', ')}.`);
    process.exit(2);
  }
  const failed: string[] = [];
  for (const [name, run] of Object.entries(stages)) {
    if (words.length > 0 ? !words.includes(name) : onDemand.includes(name)) continue;
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
    lint: () => runCommand(bin('biome'), ['ci', '.']),
    types: async () => (await runCommand(bin('tsc'), [])) || (await runCommand(bin('tsc'), ['-p', 'websocket/page'])),
    unit: () => runNodeTests(tests.unit, {}, 2),
    servers: () => withServers((env) => runNodeTests([...tests.postgres, ...tests.kafka], env, 1)),
    browser: () => withServers((env) => runNodeTests(tests.browser, env, 1)),
    fleet: () => runNodeTests(tests.fleet, {}, 1, endAtOnce),
    cloud: () => runNodeTests(tests.cloud, {}, 1, endAtOnce),
    compose: () => runNodeTests(tests.compose, {}, 1, endAtOnce),
  };
}

async function withServers(run: (env: Record<string, string>) => Promise<number>): Promise<number> {
  const servers = await startTestServers();
  try {
    return await run(servers.env);
  } finally {
    await servers.stop();
  }
}

/** A Kafka client that a failed test has left open would keep looking for its broker, which is gone. */
const endAtOnce = ['--test-force-exit'];

function runNodeTests(
  files: readonly string[],
  env: Record<string, string>,
  concurrency: number,
  flags: readonly string[] = [],
): Promise<number> {
  if (files.length === 0) return Promise.resolve(0);
  const args = [
    '--import',
    'tsx',
    '--test',
    '--test-reporter=spec',
    '--test-timeout=600000',
    `--test-concurrency=${concurrency}`,
    ...flags,
    ...files,
  ];
  return runCommand(process.execPath, args, env);
}
