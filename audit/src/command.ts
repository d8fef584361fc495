import { Command, InvalidArgumentError } from 'commander';
import { runCommand } from './command/run-command.ts';

const wholeNumber = (most: number) => (text: string) => {
  if (!/^\d{1,9}$/.test(text) || Number(text) > most)
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${most}.`);
  return Number(text);
};

const command = new Command('npm run audit --')
  .description('Checks the promises of a running or stopped shop, and prints the results.')
  .option('--port-offset <n>', 'the offset of npm start', wholeNumber(60_000), 0)
  .option('--json', 'print one line of JSON instead of the table', false)
  .option('--quiet', 'nothing is in progress: an order without an outcome is lost', false)
  .option('--all', 'exit code 2 also when P5 to P8 could not be checked', false)
  .option(
    '--target <seconds>',
    'service level for the age of shipped addresses (never a violation)',
    wholeNumber(86_400),
  )
  .option('--wait <seconds>', 'how long to continue while a result may still change', wholeNumber(86_400), 30)
  .option('--cloud', 'take the addresses of Kafka and ksqlDB from config/*.config', false)
  .addHelpText(
    'after',
    `
Examples:
  npm run audit
  npm run audit -- --port-offset 100 --json

Exit code 1: a promise is broken. 2: a promise could not be checked.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

await runCommand(command.opts());
