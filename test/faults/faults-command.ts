import { writeFileSync } from 'node:fs';
import { createRandom, describeError } from '@shop/common';
import { Command } from 'commander';
import { faults, findFaults, fits } from './list.ts';
import { runFaults } from './run-faults.ts';
import { createSay, endOnSignals, listOf, wholeNumber } from './run-in-terminal.ts';
import { toMarkdown } from './table.ts';

interface Options {
  only?: string[];
  list?: true;
  seed: number;
  sequence: number;
  rate: number;
  moves: number;
  brokers: number;
  markdown?: string;
}

const command = new Command('npm run faults --')
  .description('Starts a shop under load, injects one fault after the other, and audits the shop after each.')
  .option('--only <names>', 'only these faults, by name, separated by commas', listOf)
  .option('--list', 'list the faults')
  .option('--seed <n>', 'seed of the random sequence at the end', wholeNumber, 1)
  .option('--sequence <n>', 'number of faults in that sequence; none with --only', wholeNumber, 10)
  .option('--rate <n>', 'orders per second', wholeNumber, 500)
  .option('--moves <n>', 'address changes per second', wholeNumber, 60)
  .option('--brokers <n>', 'Kafka brokers: 1, or 3 with faults of single brokers', wholeNumber, 1)
  .option('--markdown <file>', 'also write the table to this file')
  .addHelpText(
    'after',
    `
Examples:
  npm run faults -- --list
  npm run faults -- --only kill-kafka,ksqldb-429
  npm run faults -- --brokers 3

Exit code 1: a fault had another verdict than was expected. 2: it could not be run.`,
  )
  .parse();
const options = command.opts<Options>();

if (options.list) {
  const width = Math.max(...faults.map(({ name }) => name.length));
  for (const { name, what, expect, brokers } of faults) {
    const needs = brokers === undefined ? '' : `; needs --brokers ${brokers}`;
    console.log(`${name.padEnd(width)} ${what} (expected: ${expect}${needs})`);
  }
  process.exit(0);
}

const began = Date.now();
const say = createSay(console.log);
const signal = endOnSignals(say);

try {
  const chosen = options.only
    ? findFaults(options.only, options.brokers)
    : faults.filter((fault) => fits(fault, options.brokers));
  const sequence = options.only ? [] : pickSequence(options.seed, options.sequence);
  const load = { ordersPerSecond: options.rate, movesPerSecond: options.moves, brokers: options.brokers };
  const outcomes = await runFaults({ faults: chosen, sequence, load, signal, say });
  const table = toMarkdown(outcomes);
  console.log(`\n${table}\n\nseed ${options.seed}, ${((Date.now() - began) / 60_000).toFixed(1)} min`);
  if (options.markdown) writeFileSync(options.markdown, `${table}\n`);
  const failed = outcomes.filter(({ passed }) => !passed);
  if (failed.length > 0) console.log(`not as expected: ${failed.map(({ name }) => name).join(', ')}`);
  process.exit(failed.length > 0 ? 1 : 0);
} catch (error) {
  console.error(describeError(error));
  process.exit(2);
}

/** Picks random faults, without those that need a separate shop. A fault may occur twice. */
function pickSequence(seed: number, count: number) {
  const random = createRandom(seed);
  const pool = faults.filter((fault) => !fault.apart && fits(fault, options.brokers));
  return Array.from({ length: count }, () => pool[random.integer(0, pool.length - 1)]).filter(
    (fault) => fault !== undefined,
  );
}
