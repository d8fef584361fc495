import { Command } from 'commander';
import { addCustomerCommands } from './commands/customer-commands.ts';
import { addDeadLetterCommands } from './commands/dead-letter-commands.ts';
import { addFaultCommands } from './commands/fault-commands.ts';
import { addLoadCommands } from './commands/load-commands.ts';
import { portOffset } from './commands/parse-arguments.ts';
import { addShowCommands } from './commands/show-commands.ts';

const program = new Command('npm run shop --')
  .description('Shows a running shop, and drives it by commands that travel through Kafka.')
  .option('--json', 'print one line of JSON for programs', false)
  .option('--port-offset <n>', 'the offset of npm start', portOffset, 0)
  .option('--cloud', 'take the addresses of Kafka and ksqlDB from config/*.config', false)
  .showHelpAfterError('--help shows the commands.')
  .addHelpText(
    'after',
    `
Examples:
  npm run shop -- status
  npm run shop -- customer 42
  npm run shop -- order 42 phone 2
  npm run shop -- rate orders 200
  npm run shop -- scenario flash-sale
  npm run shop -- crash shipping-service
  npm run shop -- dead-letters list
  npm run shop -- query "SELECT * FROM CUSTOMERS WHERE ID = 42"
  npm run shop --silent -- status --json

A service obeys within 60 s, or reports the command as expired. With several instances of a service, one obeys.
What a command has set lasts until "rate reset" or until the service restarts.

Exit code 1: the command was refused or expired. 2: it could not be sent, or no answer came.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

addShowCommands(program);
addCustomerCommands(program);
addLoadCommands(program);
addFaultCommands(program);
addDeadLetterCommands(program);

await program.parseAsync();
