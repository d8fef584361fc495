import { describeError } from '@shop/common';
import { Command, InvalidArgumentError } from 'commander';
import { withServers } from '../src/test-servers.ts';
import { figures, findFigures } from './list-figures.ts';
import { toTable } from './print-results.ts';
import { runFigures } from './run-figures.ts';
import { describeMachine, readMachine, splitDocument, writeBetweenMarks, writeJson } from './write-results.ts';

const wholeNumber = (text: string) => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 to 9999.');
  return Number(text);
};

interface Options {
  only?: string[];
  list?: true;
  quick?: true;
  large?: true;
  rounds?: number;
  json?: string;
  markdown?: string;
}

const command = new Command('npm run bench --')
  .description('Measures the shop beside what a user would write instead, and beside the limit of this machine.')
  .option('--only <names>', 'only these figures, separated by commas', (text) =>
    text.split(',').map((name) => name.trim()),
  )
  .option('--list', 'list the figures')
  .option('--quick', 'small sizes, one round and no warm-up: checks that the benchmark works')
  .option('--large', 'also tables of 10 million customers')
  .option('--rounds <n>', 'rounds that count, after one warm-up (default: 5)', wholeNumber)
  .option('--json <file>', 'also write all values to this file')
  .option('--markdown <file>', 'also write the table into this document, between two marked lines')
  .addHelpText(
    'after',
    `
Examples:
  npm run bench -- --list
  npm run bench -- --only ship-orders,audit --rounds 3

Exit code 1: a message was lost, doubled or wrong. 2: the benchmark could not be run. A slow result is not an error.`,
  )
  .parse();
const { only, list, quick = false, large = false, rounds = quick ? 1 : 5, json, markdown } = command.opts<Options>();

if (list) {
  for (const { name, what } of figures) console.log(`${name.padEnd(20)} ${what}`);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

try {
  const chosen = only ? findFigures(only) : figures;
  if (markdown) splitDocument(markdown);
  const machine = readMachine();
  const began = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  const servers = [...new Set(chosen.flatMap((figure) => figure.servers))];
  const results = await withServers(servers, (env) => {
    Object.assign(process.env, env);
    return runFigures(chosen, { quick, large }, { rounds, warmUps: quick ? 0 : 1, say });
  });
  const report = `${describeMachine(machine)}. Median of ${rounds === 1 ? 'one round' : `${rounds} rounds`}${quick ? ', quick' : ''}.\n\n${toTable(results)}`;
  console.log(`\n${report}`);
  if (json) writeJson(json, machine, rounds, results);
  if (markdown) writeBetweenMarks(markdown, report);
  process.exit(results.wrong.length > 0 ? 1 : 0);
} catch (error) {
  console.error(describeError(error));
  process.exit(2);
}
