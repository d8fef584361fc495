import { servers } from '@shop/common';
import { type Command, Option } from 'commander';
import { given, whole } from './parse-arguments.ts';
import { send } from './run-command.ts';

const targetHelp = `a service of docker-compose.yml; with npm start, also ${servers.join(', ')}`;

/** Commands that disturb a service. */
export function addFaultCommands(program: Command): void {
  program
    .command('crash')
    .argument('<target>', targetHelp)
    .description('ends one instance, as kill -9 does')
    .action((service: string, _, command: Command) =>
      send(command, { target: service as 'updater', command: 'crash' }),
    );

  program
    .command('freeze')
    .argument('<target>', targetHelp)
    .argument('[seconds]', '15 by default, at most 30', whole)
    .description('freezes one instance, as SIGSTOP does')
    .action((service: string, seconds: number | undefined, _, command: Command) =>
      send(command, {
        target: service as 'updater',
        command: 'freeze',
        ...given({ seconds }),
      }),
    );

  program
    .command('lose-ksqldb')
    .argument('<service>', 'shipping-service, ksql or audit')
    .argument('[seconds]', '20 by default, at most 60', whole)
    .description('lets the requests of one instance to ksqlDB fail')
    .action((service: string, seconds: number | undefined, _, command: Command) =>
      send(command, { target: service as 'audit', command: 'lose-ksqldb', ...given({ seconds }) }),
    );

  program
    .command('slow')
    .addOption(new Option('--ms <ms>', 'pause before each batch of orders').argParser(whole))
    .description('slows shipping-service down, by 500 ms a batch, until "normal"')
    .action(({ ms }: { ms?: number }, command: Command) =>
      send(command, { target: 'shipping-service', command: 'slow', ...given({ ms_per_batch: ms }) }),
    );

  program
    .command('normal')
    .description('ends "slow"')
    .action((_, command: Command) => send(command, { target: 'shipping-service', command: 'normal' }));
}
