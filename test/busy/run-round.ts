import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import path from 'node:path';
import { findFreeOffset } from '@shop/test-support';
import { z } from 'zod';
import { listFleetPorts } from '../fleet/start-fleet.ts';
import { copyCheckout } from './copy-checkout.ts';

export interface RoundPlan {
  checkout: string;
  durationSeconds: number;
  signal: AbortSignal;
  say(text: string): void;
}

/** One first start and one fleet stage. */
export interface Round {
  /** Seconds until the shop was open, including downloads; absent if it never was. */
  openSeconds?: number;
  startSeconds: number;
  stageSeconds: number;
  /** What failed. */
  problems: string[];
}

const startResult = z.object({
  delivered: z.number().positive(),
  dead_letters: z.literal(0),
  exit_codes: z.record(z.string(), z.number().nullable()),
});

/** 143 is Java's exit code on SIGTERM. */
const goodExitCodes: readonly (number | null)[] = [0, 143];

/** Runs `npm start` and the fleet stage of `npm test` in a new copy of the checkout. Keeps the copy after a failure. */
export async function runRound({ checkout, durationSeconds, signal, say }: RoundPlan): Promise<Round> {
  const copy = copyCheckout(checkout);
  const problems: string[] = [];
  const run = (name: string, words: readonly string[]) => runNpm(words, { copy, name, signal });
  const offset = String(await findFreeOffset(listFleetPorts(), { from: 0, to: 20_000 }));
  say('npm start');
  const flags = ['--fresh', '--duration', String(durationSeconds), '--json', '--port-offset', offset];
  const start = await run('start', ['start', '--', ...flags]);
  if (start.code !== 0) problems.push(`npm start ended with code ${start.code}`);
  else problems.push(...findProblems(start.lastLine));
  signal.throwIfAborted();
  say('npm test -- fleet');
  const stage = await run('fleet', ['test', '--', 'fleet']);
  if (stage.code !== 0) problems.push(`npm test -- fleet ended with code ${stage.code}`);
  signal.throwIfAborted();
  if (problems.length > 0) say(`the output is in ${copy}/start.out and fleet.out`);
  else rmSync(path.dirname(copy), { recursive: true, force: true });
  return {
    ...(start.openSeconds !== undefined && { openSeconds: start.openSeconds }),
    startSeconds: start.seconds,
    stageSeconds: stage.seconds,
    problems,
  };
}

function findProblems(lastLine: string): string[] {
  const read = startResult.safeParse(parseJson(lastLine));
  if (!read.success) return [`npm start printed an unexpected result: ${z.prettifyError(read.error)}`];
  return Object.entries(read.data.exit_codes)
    .filter(([, code]) => !goodExitCodes.includes(code))
    .map(([part, code]) => `${part} ended with ${code === null ? 'a signal' : `code ${code}`}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface NpmRun {
  code: number | null;
  seconds: number;
  openSeconds?: number;
  /** The last line of stdout. */
  lastLine: string;
}

async function runNpm(
  words: readonly string[],
  { copy, name, signal }: { copy: string; name: string; signal: AbortSignal },
): Promise<NpmRun> {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1_000);
  // This fleet must not use the broker or database of the caller's tests.
  const { TEST_KAFKA: _kafka, TEST_POSTGRES: _postgres, SHOP_DATA: _data, ...env } = process.env;
  const child = spawn('npm', words, { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const file = createWriteStream(path.join(copy, `${name}.out`));
  let printed = '';
  let said = '';
  let openSeconds: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed = `${printed}${text}`.slice(-20_000);
    file.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-200);
    if (said.includes('the shop is open')) openSeconds ??= seconds();
    file.write(text);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', stop);
  file.end();
  const lastLine = printed.trim().split('\n').at(-1) ?? '';
  return { code, seconds: seconds(), lastLine, ...(openSeconds !== undefined && { openSeconds }) };
}
