import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeError } from '@shop/common';
import { Command } from 'commander';
import { createSay, endOnSignals, listOf, wholeNumber } from '../faults/run-in-terminal.ts';
import { consumerFaults, findConsumerFaults } from './consumer-faults.ts';
import { toHtml } from './report/to-html.ts';
import { toText } from './report/to-text.ts';
import { runJudge } from './run-judge.ts';

interface Options {
  seed: number;
  instances: number;
  rate: number;
  duration: number;
  only?: string[];
  json?: true;
  html?: string;
  portOffset?: number;
}

const command = new Command('npm run judge --')
  .description('Runs a command as the shipping service of a shop, injects faults, and judges its outcomes.')
  .argument('<command...>', 'starts the shipping service; write it after --')
  .option('--seed <n>', 'seed of the order of the faults', wholeNumber, 1)
  .option('--instances <n>', 'number of instances', wholeNumber, 1)
  .option('--rate <n>', 'orders per second', wholeNumber, 50)
  .option('--duration <s>', 'seconds under load at least; faults are repeated until then', wholeNumber, 0)
  .option(
    '--only <names>',
    `only these faults, separated by commas: ${consumerFaults.map(({ name }) => name).join(', ')}`,
    listOf,
  )
  .option('--json', 'print the report as one line of JSON')
  .option('--html <file>', 'also write the report as a page to this file')
  .option('--port-offset <n>', 'add n to every port of the shop; a free one by default', wholeNumber)
  .addHelpText(
    'after',
    `
Example:
  npm run judge -- --seed 7 --html report.html -- node --import tsx shipping-service/src/main.ts

Exit code 1: a promise was broken. 2: the service could not be judged.
docs/contract/README.md says what the service must do, and which environment it gets.`,
  )
  .parse();
const { json, html, only, seed, instances, rate, duration, portOffset } = command.opts<Options>();
const say = createSay(json ? console.error : console.log);

try {
  const report = await runJudge({
    shipping: { words: command.args as [string, ...string[]], cwd: process.cwd() },
    faults: only ? findConsumerFaults(only) : consumerFaults,
    seed,
    instances,
    rate,
    duration,
    ...(portOffset !== undefined && { portOffset }),
    logFolder: mkdtempSync(path.join(tmpdir(), 'shop-judge-')),
    signal: endOnSignals(say),
    say,
  });
  console.log(json ? JSON.stringify(report) : toText(report));
  if (html) writeFileSync(html, toHtml(report));
  process.exit(report.passed ? 0 : 1);
} catch (error) {
  console.error(describeError(error));
  process.exit(2);
}
