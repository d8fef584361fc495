import type { Command } from 'commander';
import { given, whole } from './parse-arguments.ts';
import { send } from './run-command.ts';

/** Commands that change customers and products. */
export function addCustomerCommands(program: Command): void {
  program
    .command('register')
    .description('registers a customer; what is not given is made up')
    .option('--first-name <name>')
    .option('--last-name <name>')
    .option('--country <country>')
    .action(({ firstName, lastName, country }: Record<string, string | undefined>, command: Command) =>
      send(command, {
        target: 'updater',
        command: 'register',
        ...given({ first_name: firstName, last_name: lastName, country }),
      }),
    );

  program
    .command('move')
    .argument('<customer>', 'the id of a customer', whole)
    .description('gives a customer a new address in the same country')
    .action((customer_id: number, _, command: Command) =>
      send(command, { target: 'updater', command: 'move', customer_id }),
    );

  program
    .command('delete')
    .argument('<customer>', 'the id of a customer', whole)
    .description('deletes a customer')
    .action((customer_id: number, _, command: Command) =>
      send(command, { target: 'updater', command: 'delete', customer_id }),
    );

  program
    .command('add-product')
    .argument('<name>', 'what the shop sells from now on')
    .description('adds a product')
    .action((product: string, _, command: Command) =>
      send(command, { target: 'updater', command: 'add-product', product }),
    );
}
