import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findService, readCompose } from '@shop/local';
import { type Scope, type ServiceProcess, startServiceProcess } from '@shop/test-support';

const checkout = new URL('../../../', import.meta.url);
let compiled = false;

/**
 * Starts a program of the fleet as `npm start` does: compiled, with its settings and its heap limit of docker-compose.yml.
 * The end of the scope kills it.
 */
export function startCompiled(
  scope: Scope,
  name: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): ServiceProcess {
  compileOnce();
  const { folder = name, environment } = findService(readCompose(fileURLToPath(checkout), {}), name);
  // Without HEALTH_PORT, instances of a service can run beside each other.
  const settings = { ...environment, HEALTH_PORT: '', INSTANCE: name, ...env };
  const service = startServiceProcess(new URL(`${folder}/dist/main.js`, checkout), settings, args);
  scope.after(() => service.end('SIGKILL'));
  return service;
}

/** Starts a program of test/bench/contestants with these words. The end of the scope kills it. */
export function startContestant(scope: Scope, file: string, words: readonly string[]): ServiceProcess {
  const service = startServiceProcess(new URL(`../contestants/${file}`, import.meta.url), {}, words);
  scope.after(() => service.end('SIGKILL'));
  return service;
}

/** Lets a program run for a time, and ends it. @throws when it fails */
export async function runFor(seconds: number, name: string, service: ServiceProcess): Promise<void> {
  await delay(seconds * 1_000);
  checkCode(name, await service.end(), service);
}

/** Runs such a program to its end. @throws when it fails */
export async function runContestant(scope: Scope, file: string, words: readonly string[]): Promise<void> {
  const service = startContestant(scope, file, words);
  checkCode(file, await service.ended, service);
}

function checkCode(name: string, code: number | null, service: ServiceProcess): void {
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${service.output()}`);
}

/** Compiles all programs. The first steps of `npm start -- --help` do it. */
function compileOnce(): void {
  if (compiled) return;
  const args = ['local/launch.mjs', 'local/src/main.ts', '--help'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: fileURLToPath(checkout), encoding: 'utf8' });
  if (status !== 0) throw new Error(`the programs could not be compiled:\n${stderr}`);
  compiled = true;
}
