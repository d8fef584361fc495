// Checks that the shop starts and its fleet tests pass on a machine with very little CPU time:
//   npm run test:busy
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { startBusyLoops } from './busy-loops.ts';
import { type Round, runRound } from './run-round.ts';

const checkout = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

const readCount = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
};

const options = new Command('npm run test:busy --')
  .description(
    'Starts busy loops, and meanwhile runs npm start and the fleet stage of npm test in a new copy of the checkout.\n' +
      'Exits with 1 when something fails.',
  )
  .option('--rounds <n>', 'number of rounds', readCount, 3)
  .option('--loops <n>', 'number of busy processes', readCount, 24)
  .option('--duration <seconds>', 'how long npm start runs once the shop is open', readCount, 60)
  .addHelpText('after', '\nExample:\n  npm run test:busy -- --rounds 1 --loops 8')
  .parse()
  .opts<{ rounds: number; loops: number; duration: number }>();

const began = Date.now();
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => ending.abort(new Error(`stopped by ${signal}`)));
const say = (text: string) => console.log(`${String(Math.round((Date.now() - began) / 1_000)).padStart(6)} s  ${text}`);

const rounds: Round[] = [];
const loops = startBusyLoops(options.loops);
say(`${options.loops} busy loops on ${availableParallelism()} cores`);
try {
  for (let number = 1; number <= options.rounds; number++) {
    const round = await runRound({
      checkout,
      durationSeconds: options.duration,
      signal: ending.signal,
      say: (text) => say(`round ${number}: ${text}`),
    });
    rounds.push(round);
    say(`round ${number}: ${describe(round)}`);
  }
} catch (error) {
  if (!ending.signal.aborted) throw error;
  say(String(ending.signal.reason));
} finally {
  await loops.stop();
}
printTable();
process.exit(rounds.length === options.rounds && rounds.every(isGreen) ? 0 : 1);

function isGreen({ problems }: Round): boolean {
  return problems.length === 0;
}

function describe(round: Round): string {
  return isGreen(round) ? 'green' : round.problems.join('; ');
}

function printTable(): void {
  const rows = rounds.map((round, index) => [
    index + 1,
    round.openSeconds ?? '-',
    round.startSeconds,
    round.stageSeconds,
    describe(round),
  ]);
  const head = ['round', 'open, s', 'npm start, s', 'npm test -- fleet, s', 'result'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  console.log(`\n${lines.join('\n')}\n`);
}
