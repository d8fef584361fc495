import { Command, InvalidArgumentError } from 'commander';
import { runCommand } from './command/run-command.ts';

const wholeNumber = (most: number) => (text: string) => {
  if (!/^\d{1,9}$/.test(text) || Number(text) > most)
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${most}.`);
  return Number(text);
};

const command = new Command('npm run audit --')
  .description("Checks the shop's promises, of a shop that runs or one at rest, and prints what it found.")
  .option('--port-offset <n>', 'the offset that npm start was given', wholeNumber(60_000), 0)
  .option('--json', 'print one line of JSON instead of the table', false)
  .option('--quiet', 'nothing is under way any more: what has no outcome is lost', false)
  .option('--all', 'exit code 2 also when ksqlDB or the page is away (P5 to P8)', false)
  .option('--target <seconds>', 'how fresh a shipped address should be: a figure, no verdict', wholeNumber(86_400))
  .option('--wait <seconds>', 'how long to go on while something is undecided', wholeNumber(86_400), 30)
  .option('--cloud', 'Kafka and ksqlDB as config/*.config say', false)
  .addHelpText(
    'after',
    `
Examples:
  npm run audit
  npm run audit -- --port-offset 100 --json

Exit code 1: a promise was broken. 2: one could not be checked.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

await runCommand(command.opts());
